import { onTestFinished, vi } from 'vitest'
import type { StopHow } from '../../src/app/conductor.ts'
import { asConductor } from '../../src/app/lock.ts'
import { resumeRun, type Run } from '../../src/app/run.ts'
import { replayRun } from '../../src/app/runs.ts'
import { openWorkspace } from '../../src/app/workspace.ts'
import { openControl } from '../../src/remote/open-control.ts'
import { runFolder } from '../../src/store/run-folder.ts'
import { facelessConductor } from '../conductor.ts'
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
  const stops: Conducting['stops'] = []
  let leave: () => void = () => {}
  const left = new Promise<void>((resolve) => (leave = resolve))

  const conductor = facelessConductor(workspace, (how, by) => {
    stops.push({ how, by })
    leave()
  })

  let isReady: () => void = () => {}
  const ready = new Promise<void>((resolve) => (isReady = resolve))
  const gone = asConductor(workspace, async () => {
    await hold?.()
    if (resume !== undefined) {
      const folder = runFolder(workspace.runs, resume)
      conductor.began(await resumeRun(workspace, folder, await replayRun(folder), []))
    }
    const control = await openControl(conductor, {})
    if (control.problems.length > 0) throw new Error(JSON.stringify(control.problems))
    isReady()
    await left
    await conductor.run?.handle.send({ type: 'stop', reason: 'SIGTERM' })
    await conductor.run?.finished
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
      if (conductor.run === undefined) throw new Error('there is no run')
      return conductor.run
    },
    begin: async (yaml) => {
      const path = await here.write(`plans/plan-${++plans}.yaml`, yaml)
      const { refusal } = await conductor.add([`${here.dir}/${path}`])
      if (refusal !== undefined || conductor.run === undefined) throw new Error(JSON.stringify(refusal))
      return conductor.run
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

