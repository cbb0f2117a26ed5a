import { randomInt } from 'node:crypto'
import { relative } from 'node:path'
import { runChecks } from '../checks/registry.ts'
import { DiskRefusal, errorMessage, refusedAt } from '../core/error.ts'
import type { Input, Intent } from '../core/intents.ts'
import type { Plan } from '../core/plan.ts'
import type { Problem } from '../core/problem.ts'
import type { Settings } from '../core/settings.ts'
import { emptyState, type RunState } from '../core/state.ts'
import { VERSION } from '../core/version.ts'
import { manifestText } from '../core/views/manifest.ts'
import { systemClock } from '../runtime/clock.ts'
import { startLoop, type Earlier, type Listener, type RunHandle } from '../runtime/loop.ts'
import { RUN_VARIABLE } from '../runtime/environment.ts'
import { createPerformer } from '../runtime/perform.ts'
import type { ProviderOptions } from '../providers/registry.ts'
import { openAttemptLog } from '../store/attempt-log.ts'
import { openCache } from '../store/cache.ts'
import { openEventLog } from '../store/event-log.ts'
import { keepInput } from '../store/inputs.ts'
import { openManifest } from '../store/manifest-file.ts'
import { openOutputs } from '../store/outputs.ts'
import { createRunFolder, newRunId, type RunFolder } from '../store/run-folder.ts'
import type { EventLog } from '../store/store.ts'
import { endLeftovers } from '../process/leftovers.ts'
import { fileAway } from '../tasks/file-away.ts'
import { settleAbandoned } from './abandoned.ts'
import { cacheFolder } from './cache.ts'
import { droppedSince } from './dropped/untouched.ts'
import type { LoadedPlan } from './plans.ts'
import { pricesOfTasks } from './prices.ts'
import { createProviders } from './providers.ts'
import { takeRecorded } from './handed-in/recorded-wishes.ts'
import { keepLedger } from './ledger-keeper.ts'
import type { Notifier } from './notifier.ts'
import { spentElsewhere } from './spent-elsewhere.ts'
import type { Workspace } from './workspace.ts'

/** A run that this process conducts. */
export type Run = {
  id: string
  folder: RunFolder
  /** The run's folder as a person would type it. */
  path: string
  handle: RunHandle
  /** Takes more task files into the run. */
  add: (loaded: LoadedPlan) => ReturnType<RunHandle['submit']>
  /** What of earlier runs could not be settled. */
  warnings: Problem[]
  /** What went wrong beside the run; complete when it has finished. */
  late: readonly Problem[]
  /** Resolves when the run is over and everything about it is on disk. */
  finished: Promise<RunState>
}

/** Opens a new run with its first plan, which `validatePlan` has found nothing wrong with. */
export async function startRun(workspace: Workspace, loaded: LoadedPlan, listeners: readonly Listener[]): Promise<Run> {
  const warnings = await settleAbandoned(workspace, undefined)
  const id = newRunId(Date.now(), randomInt(16))
  const project = projectOf(workspace, loaded)
  // Before there is anything of the run: a ledger that cannot be read keeps it from beginning.
  const { elsewhere } = await spentElsewhere(workspace, id, project, now())
  const folder = await createRunFolder(workspace.runs, id)
  const plan = await priced(workspace, await keepInputs(folder, loaded))
  const log = await openEventLog(folder.events)
  const { settings } = workspace
  const first: Input[] = [
    { type: 'opened', run: id, project, version: VERSION, settings, elsewhere },
    { type: 'add', plan },
  ]
  return { ...(await conduct(workspace, folder, emptyState(), log, first, listeners)), warnings }
}

const now = () => new Date().toISOString()

/** The project that the task files name, where they agree on one; else the workspace's. */
function projectOf({ project }: Workspace, { projects }: LoadedPlan): string {
  const [first, ...others] = projects
  return first !== undefined && others.length === 0 ? first : project
}

/**
 * Takes up a run that was left before its end; or one that is over, to do some of it again. What was recorded for it
 * meanwhile is taken in first.
 * @param state what its log says
 * @param whole bytes of the log that are whole; the rest was torn by a crash and is cut off
 * @param retryNow asks providers at once that wait until their quota is due
 * @param begin what a person wants of it first, before anything is started: a run that is over closes again without
 * @returns the run, and how many processes of the conductor before were still there and have been ended
 */
export async function resumeRun(
  workspace: Workspace,
  folder: RunFolder,
  { state, whole }: { state: RunState; whole: number },
  listeners: readonly Listener[],
  { retryNow = false, begin = [] }: { retryNow?: boolean; begin?: readonly Intent[] } = {},
): Promise<Run & { leftovers: number }> {
  // What a killed conductor left running would do its work beside the attempt that repeats it.
  const leftovers = await endLeftovers(RUN_VARIABLE, folder.path)
  const warnings = await settleAbandoned(workspace, folder.id)
  const log = await openEventLog(folder.events, whole)
  const settings = takenUp(workspace.settings, state.settings)
  const counted = await spentElsewhere(workspace, folder.id, state.project, now())
  const prices = await pricesOfTasks({ ...workspace, settings }, [...state.tasks.values()].map(({ spec }) => spec))
  const first: (Input | Earlier)[] = [{ type: 'resumed', version: VERSION, settings, ...counted, prices }, ...(await revisions(workspace, folder, state))]
  if (settings.approval.mode === 'auto') first.push({ type: 'approve-all', by: '--yes', door: 'option' })
  if (retryNow) first.push({ type: 'retry-now', by: '--retry-now', door: 'option' })
  const recorded = await takeRecorded(workspace, folder)
  first.push(...recorded.first, ...begin)
  const run = await conduct(workspace, folder, state, log, first, listeners)
  await recorded.settle(log.durable())
  return { ...run, leftovers, warnings: [...warnings, ...recorded.warnings] }
}

/** What a person chose for the run holds until another choice is made: whoever began it on a local model does not mean to pay for the rest. */
function takenUp(now: Settings, before: Settings | undefined): Settings {
  if (before === undefined) return now
  // Another provider is another choice: the model that was chosen with the one before is not meant.
  const override = now.override.provider === undefined ? { ...before.override, ...now.override } : now.override
  return { ...now, override, no_cache: now.no_cache || before.no_cache }
}

/** What dropped files have become since the run was left: what is gone is withdrawn, what was edited is read anew. */
async function revisions(workspace: Workspace, folder: RunFolder, state: RunState): Promise<Input[]> {
  const inputs: Input[] = []
  for (const dropped of await droppedSince(workspace, state)) {
    if (dropped.is === 'taken') inputs.push({ type: 'withdraw', file: dropped.file, reason: dropped.reason })
    else inputs.push({ type: 'add', plan: await priced(workspace, await keepInputs(folder, dropped.loaded)) })
  }
  return inputs
}

async function conduct(
  workspace: Workspace,
  folder: RunFolder,
  state: RunState,
  log: EventLog,
  first: readonly (Input | Earlier)[],
  listeners: readonly Listener[],
): Promise<Omit<Run, 'warnings'>> {
  const { execution } = workspace.config
  const performer = createPerformer({
    provider: createProviders(workspace),
    identity: (name) => identityOf(workspace.providers[name]),
    outputs: openOutputs(folder),
    cache: openCache(cacheFolder(workspace)),
    attemptLog: (task, attempt) => openAttemptLog(folder, task, attempt, execution.max_log_bytes),
    runChecks: (specs, subject) => runChecks(specs, subject, workspace.secretNames),
    fileAway: async ({ file, path }, status, content) => placeOf(path, await fileAway(workspace.dir, path, status, content, file)),
    redactor: workspace.redactor,
    workspace: workspace.dir,
    runFolder: folder.path,
    contextMaxChars: workspace.settings.context_max_chars,
  })
  // The events hold the truth: a manifest that could not be written now is written again at the end.
  const manifest = openManifest(folder.manifest, () => manifestText(state), () => {})
  const bookkeeper = await keepLedger(workspace, folder.id, state, log.durable)
  const late: Problem[] = []
  const notifier = await notifierFor(workspace, folder, state, log, late)
  const handle = startLoop({
    state,
    log,
    clock: systemClock,
    perform: performer.perform,
    first,
    listeners: [manifest.touch, bookkeeper.listener, (event) => event.type === 'task.ended' && performer.forget(event.task), ...(notifier === undefined ? [] : [notifier.listener]), ...listeners],
  })

  async function finish(): Promise<RunState> {
    try {
      return await handle.done
    } catch (error) {
      if (!(error instanceof DiskRefusal)) throw error
      throw new DiskRefusal(`${error.message}; what was recorded before is kept: mend that, then go on with: tutti resume ${folder.id}`, { cause: error })
    } finally {
      await performer.abandon()
      const unwritten = await bookkeeper.end()
      if (unwritten !== undefined) late.push(unwritten)
      await notifier?.end()
      await log.close()
      await manifest.flush().catch((error: unknown) => void late.push({ file: folder.manifest, message: `it could not be written: ${errorMessage(refusedAt(undefined, error))}; it is made from the events until it can be` }))
    }
  }

  const finished = finish()
  // Who waits for it tells what went wrong; where the disk refuses at once, nobody has come to wait yet.
  finished.catch(() => {})
  return {
    id: folder.id,
    folder,
    path: relative(process.cwd(), folder.path) || '.',
    handle,
    late,
    add: async (loaded) => handle.submit({ type: 'add', plan: await priced(workspace, await keepInputs(folder, loaded)) }),
    finished,
  }
}

/** Tells receivers of the run, where there are any: what is needed for it is loaded only then. */
async function notifierFor(workspace: Workspace, folder: RunFolder, state: RunState, { durable }: EventLog, late: Problem[]): Promise<Notifier | undefined> {
  if (workspace.receivers.length === 0) return undefined
  const { openNotifier } = await import('./notifier.ts')
  return openNotifier(workspace, folder, { state, durable, warn: (problem) => late.push(problem) })
}

/** Copies what was read into the run, before the run says that it has read it. */
async function keepInputs(folder: RunFolder, { plan, contents }: LoadedPlan): Promise<Plan> {
  const files = []
  for (const file of plan.files) {
    const bytes = contents.get(file.file)
    files.push(bytes === undefined ? file : { ...file, input: await keepInput(folder, file.file, bytes) })
  }
  return { ...plan, files }
}

/** Options that change nothing about an answer, and secrets. */
const NO_IDENTITY: ReadonlySet<string> = new Set(['api_key', 'free', 'max_cost_usd', 'roots', 'env', 'max_output_bytes', 'price_usd'])

/** What of a provider's options an answer depends on. */
function identityOf(options: ProviderOptions | undefined): string {
  return JSON.stringify(Object.entries(options ?? {}).filter(([key]) => !NO_IDENTITY.has(key)))
}

/** What attempts on the routes of its tasks cost goes into the run with the plan. */
async function priced(workspace: Workspace, plan: Plan): Promise<Plan> {
  return { ...plan, prices: await pricesOfTasks(workspace, plan.tasks) }
}

/** What the run is told of a file that was filed away: where it lies, or why it could not be. */
function placeOf(path: string, filed: Awaited<ReturnType<typeof fileAway>>): { path: string; problem?: string } {
  switch (filed.result) {
    case 'filed':
      return { path: filed.path }
    case 'changed':
      return { path, problem: 'it was changed while it ran; it stays, to be run again' }
    case 'gone':
      return { path, problem: 'the file is no longer there' }
    case 'refused':
      return { path, problem: filed.reason }
  }
}
