import { onTestFinished, vi } from 'vitest'
import type { Conductor, StopHow } from '../../src/app/conductor.ts'
import { asConductor } from '../../src/app/lock.ts'
import { loadPlan } from '../../src/app/plans.ts'
import { reopenRun } from '../../src/app/reopen.ts'
import { resumeRun, startRun, type Run } from '../../src/app/run.ts'
import { replayRun } from '../../src/app/runs.ts'
import { validateHere } from '../../src/app/validate.ts'
import { openWorkspace } from '../../src/app/workspace.ts'
import type { Submitted } from '../../src/runtime/loop.ts'
import { openControl } from '../../src/remote/open-control.ts'
import { runFolder } from '../../src/store/run-folder.ts'
import type { TestWorkspace } from './workspace.ts'

export const WAIT = { timeout: 20_000, interval: 20 }

/** A conductor in this process, as another program sees it: it holds the lock, and its doors are open. */
export type Conducting = {
  readonly run: Run
  /** Begins a run with a plan, or takes it into the one that is open. */
  begin: (yaml: string) => Promise<Run>
  stops: { how: StopHow; by: string }[]
  /** Resolves once it has left. */
  gone: Promise<unknown>
  leave: () => void
}

export async function conducting(here: TestWorkspace, { resume, hold }: { resume?: string; hold?: () => Promise<void> } = {}): Promise<Conducting> {
  const opened = await openWorkspace(here.dir, {}, { PATH: process.env['PATH'] })
  if ('problems' in opened) throw new Error(JSON.stringify(opened.problems))
  const workspace = { ...opened, settings: { ...opened.settings, when_held: 'stay' as const } }
  const hooks = new Set<(run: Run) => void>()
  const stops: Conducting['stops'] = []
  let current: Run | undefined
  let leave: () => void = () => {}
  const left = new Promise<void>((resolve) => (leave = resolve))

  function open(run: Run): void {
    current = run
    for (const call of hooks) call(run)
  }

  const isOver = () => current === undefined || current.handle.state.phase.phase === 'closed'

  async function add(paths: readonly string[]): Promise<Submitted> {
    const loading = await loadPlan(workspace, paths, {})
    if (loading.result === 'broken') return { refusal: { problems: loading.problems, later: false }, events: [], before: undefined }
    const { plan } = loading.loaded
    if (current !== undefined && !isOver()) return current.handle.submit({ type: 'add', plan: { ...plan, prices: [] } })
    const problems = validateHere(workspace, plan)
    if (problems.length > 0) return { refusal: { problems, later: false }, events: [], before: undefined }
    await current?.finished
    open(await startRun(workspace, loading.loaded, []))
    return { refusal: undefined, events: [], before: undefined }
  }

  const conductor: Conductor = {
    workspace,
    get run() {
      return current
    },
    onRun: (call) => {
      hooks.add(call)
      return () => void hooks.delete(call)
    },
    submit: async (intent, key) => {
      if (current === undefined) throw new Error('bug: a wish without a run')
      if (!isOver() || intent.type !== 'retry') return current.handle.submit(intent, key)
      open(await reopenRun(workspace, current, intent, []))
      return { refusal: undefined, events: [], before: undefined }
    },
    add,
    stop: (how, by) => {
      stops.push({ how, by })
      leave()
    },
  }

  let isReady: () => void = () => {}
  const ready = new Promise<void>((resolve) => (isReady = resolve))
  const gone = asConductor(workspace, async () => {
    await hold?.()
    if (resume !== undefined) {
      const folder = runFolder(workspace.runs, resume)
      open(await resumeRun(workspace, folder, await replayRun(folder), []))
    }
    const control = await openControl(conductor, {})
    if (control.problems.length > 0) throw new Error(JSON.stringify(control.problems))
    isReady()
    await left
    await current?.handle.send({ type: 'stop', reason: 'SIGTERM' })
    await current?.finished
    await control.close()
  })
  onTestFinished(async () => {
    leave()
    await gone
  })
  await Promise.race([ready, gone])

  let plans = 0
  return {
    get run() {
      if (current === undefined) throw new Error('there is no run')
      return current
    },
    begin: async (yaml) => {
      const path = await here.write(`plans/plan-${++plans}.yaml`, yaml)
      const { refusal } = await add([`${here.dir}/${path}`])
      if (refusal !== undefined || current === undefined) throw new Error(JSON.stringify(refusal))
      return current
    },
    stops,
    gone,
    leave,
  }
}

/** Waits until tasks stand as they are expected to. */
export async function stands(run: Run, expected: Record<string, string>): Promise<void> {
  await vi.waitFor(() => {
    for (const [task, status] of Object.entries(expected)) if (run.handle.state.tasks.get(task)?.state.status !== status) throw new Error(`${task} is ${run.handle.state.tasks.get(task)?.state.status}, not ${status}`)
  }, WAIT)
}

