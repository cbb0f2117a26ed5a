import { mkdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { errorMessage } from '../core/error.ts'
import type { Intent, Refusal } from '../core/intents.ts'
import type { Problem } from '../core/problem.ts'
import { isThroughWith } from '../core/reduce-file.ts'
import type { RunState } from '../core/state.ts'
import { looksLikeTaskFile } from '../tasks/parse-task-file.ts'
import { watchFolders } from '../watcher/settled-files.ts'
import type { FileChange } from '../watcher/watcher.ts'
import { stopIntent, type StopHow } from './conductor.ts'
import { arrivals } from './dropped/arrivals.ts'
import { untouchedFiles } from './dropped/untouched.ts'
import { withEarlierTasks } from './earlier-tasks.ts'
import { type LoadedPlan } from './plans.ts'
import { newestWanted } from './handed-in/recorded-wishes.ts'
import { reopenRun } from './reopen.ts'
import { resumeRun, startRun, type Run } from './run.ts'
import { replayOf, unfinishedRuns } from './runs.ts'
import type { Listener } from '../runtime/loop.ts'
import { validateHere } from './validate.ts'
import type { Workspace } from './workspace.ts'

/** What a face is told while a workspace is watched. */
export type WatchHooks = {
  listeners: readonly Listener[]
  /** A run was opened or taken up. */
  began?: (run: Run) => void
  over: (run: Run, state: RunState) => void
  problems: (problems: readonly Problem[], kind: 'error' | 'warning') => void
  /** A run ended because the disk or the code failed; the watch is over. */
  failed: (error: unknown) => void
}

export type Watch = {
  /** Resolves when every file that lay there has been looked at. */
  ready: Promise<void>
  /** Opens a run that is over again, with what a person wants of it; what comes meanwhile joins it. Rejects when its folder cannot be read. */
  reopen: (run: Run, intent: Intent) => Promise<Refusal | undefined>
  /** Opens a run with these files, or takes them into the one that is open. */
  add: (loaded: LoadedPlan) => Promise<Refusal | undefined>
  /** Leaves: nothing more is taken in. A second wish does not wait for what runs. */
  stop: (how: StopHow, reason: string) => Promise<void>
}

/**
 * Runs every task file that lies or is dropped in `tasks/` and `tasks/pending/`. Files that come while a
 * run is open join it; otherwise they open the next one. The caller is the workspace's conductor.
 */
export async function watchTasks(workspace: Workspace, hooks: WatchHooks): Promise<Watch> {
  let current: Run | undefined
  let stopping = false
  /** Changes are handled one after the other. */
  let work: Promise<void> = Promise.resolve()

  const next = (step: () => Promise<void>): Promise<void> => (work = work.then(step).catch(hooks.failed))

  const files = arrivals(workspace, {
    take,
    holds: (file) => {
      const known = current?.handle.state.files.get(file)
      return known !== undefined && !isThroughWith(known)
    },
    problems: hooks.problems,
  })

  function follow(run: Run): void {
    current = run
    hooks.began?.(run)
    hooks.problems(run.warnings, 'warning')
    run.finished.then((state) => {
      current = undefined
      hooks.over(run, state)
      if (!stopping) void next(() => goOn(state))
    }, hooks.failed)
  }

  /** Its files are in it already. */
  function takeUp(run: Run): void {
    files.admit(run.handle.state.files.values())
    follow(run)
  }

  async function reopen(run: Run, intent: Intent): Promise<Refusal | undefined> {
    // One that is just over, and not all on disk yet, takes nothing in any more.
    const isOver = current?.handle.state.phase.phase === 'closed'
    if (current?.id === run.id && !isOver) return current.handle.send(intent)
    if (current !== undefined && current.id !== run.id) return { problems: [{ file: run.path, message: `run ${current.id} is open: this one can be opened again when that is over` }], later: true }
    takeUp(await reopenRun(workspace, run, intent, hooks.listeners))
    return undefined
  }

  /** A run that has used up what a run may cost leaves what it has not begun to the next one. */
  async function goOn(state: RunState): Promise<void> {
    const isUsedUp = !state.budget.stopped && state.budget.spent.run > 0
    const handedOn = state.phase.phase === 'stopped' && isUsedUp ? untouchedFiles(state) : []
    await files.leave(state, new Set(handedOn.map(({ file }) => file)))
    for (const { file } of handedOn) await files.read(file)
    await files.again()
  }

  async function changed(changes: readonly FileChange[]): Promise<void> {
    for (const { type, path } of changes) {
      const file = relative(workspace.dir, path)
      if (type === 'gone') {
        files.gone(file)
        await current?.handle.send({ type: 'withdraw', file })
      } else await files.read(file)
    }
    await files.handIn()
  }

  async function take(given: LoadedPlan): Promise<Refusal | undefined> {
    if (stopping) return { problems: given.plan.files.map(({ file }) => ({ file, message: 'nothing more is taken in: the watch is ending' })), later: true }
    const { tasks } = current?.handle.state ?? { tasks: new Map<string, unknown>() }
    const loaded = { ...given, plan: await withEarlierTasks(workspace.runs, given.plan, (id) => tasks.has(id)) }
    if (current !== undefined) return (await current.add(loaded)).refusal
    const problems = validateHere(workspace, loaded.plan)
    if (problems.length > 0) return { problems, later: false }
    follow(await startRun(workspace, loaded, hooks.listeners))
    return undefined
  }

  /** Files that somebody names join the run as those that are dropped do; they need not be taken in once more. */
  async function add(loaded: LoadedPlan): Promise<Refusal | undefined> {
    const refusal = await take(loaded)
    if (refusal === undefined) files.admit(loaded.plan.files)
    return refusal
  }

  const folders = [workspace.tasks, join(workspace.tasks, 'pending')]
  for (const folder of folders) await mkdir(folder, { recursive: true })
  // One that is over is opened again where somebody has recorded what they want of it.
  const [left = await newestWanted(workspace), ...others] = await unfinishedRuns(workspace.runs)
  for (const other of others) await files.leave((await other.replay()).state)
  if (left !== undefined) {
    const replayed = await replayOf(left)
    const chosen = Object.keys(replayed.state.settings?.override ?? {}).length > 0
    // What is dropped from now on is not meant for the provider that somebody chose for that run.
    if (chosen) hooks.problems([{ file: left.path, message: `was begun with a provider or model of its own and is left alone; take it up with: tutti resume ${left.id}` }], 'warning')
    else if (replayed.state.phase.phase !== 'empty') {
      takeUp(await resumeRun(workspace, left, replayed, hooks.listeners))
    }
  }
  const watcher = watchFolders(folders, {
    accepts: looksLikeTaskFile,
    report: (changes) => void next(() => changed(changes)),
    failed: (error) => hooks.problems([{ file: workspace.tasks, message: errorMessage(error) }], 'error'),
  })

  return {
    ready: watcher.ready.then(() => work),
    reopen: (run, intent) =>
      new Promise((resolve, reject) => {
        // One that cannot be opened, as somebody has deleted it, is no end of the watch.
        void next(() => reopen(run, intent).then(resolve, reject))
      }),
    add: (loaded) => new Promise((resolve, reject) => void next(() => add(loaded).then(resolve, reject))),
    stop: async (how, reason) => {
      const isFirst = !stopping
      stopping = true
      const intent = stopIntent(how, reason, workspace.config.execution.stop_grace_s * 1000)
      // What is being opened at the moment is stopped once it is open.
      if (isFirst) await watcher.close().then(() => work)
      await current?.handle.send(intent)
      await current?.finished
    },
  }
}
