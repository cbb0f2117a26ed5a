import { followConductor } from '../app/follow-conductor.ts'
import { handInTasks } from '../app/handed-in/hand-in-tasks.ts'
import { loadPlan } from '../app/plans.ts'
import { conductedRun, type ControlClient } from '../app/handed-in/reach-conductor.ts'
import { stateOfRun } from '../app/runs.ts'
import type { Workspace } from '../app/workspace.ts'
import type { Event } from '../core/events.ts'
import type { RunState } from '../core/state.ts'
import { hasEnded } from '../core/task-state.ts'
import { plural } from '../core/units.ts'
import { reasonOf } from '../core/views/task-entry.ts'
import { exitCodeOf } from './conduct.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { narratorFor, type Face, type Spoken } from './face.ts'
import { userName } from './user-name.ts'
import { outRows } from './rows.ts'
import { complain, err, errWrapped, keepGoingUnheard, out, styleOf } from './terminal.ts'

/*
 * `tutti run` where a conductor works already: it takes the files, and this process looks on.
 */

/** Hands task files to a conductor, and stays until what they hold has ended. */
export async function handOver(workspace: Workspace, client: ControlClient, paths: readonly string[], face: Face): Promise<ExitCode> {
  const loading = await loadPlan(workspace, paths, {})
  if (loading.result === 'broken') return refuse(loading.problems)
  const before = await conductedRun(client)
  if ('problem' in before) return refuse([{ file: paths.join(', '), message: before.problem }])
  const handed = await handInTasks(client, paths)
  if ('problems' in handed) return refuse(handed.problems)
  if (face.face === 'screen') return (await import('./attach-on-screen.ts')).attachOnScreen(face.open, workspace, client, userName())
  const ids = loading.loaded.plan.tasks.map(({ id }) => id)
  err(`a conductor works here already: it has taken ${plural(ids.length, 'task')}`)
  return stay(workspace, client, before, ids, face.face)
}

function refuse(problems: Parameters<typeof complain>[0]): ExitCode {
  complain(problems)
  return EXIT.invalid
}

async function stay(workspace: Workspace, client: ControlClient, { run, seq }: { run: string | undefined; seq: number }, ids: readonly string[], spoken: Spoken): Promise<ExitCode> {
  keepGoingUnheard()
  const narrator = narratorFor(spoken)
  const leaving = new AbortController()
  const interrupt = () => leaving.abort()
  process.once('SIGINT', interrupt)
  try {
    const now = await conductedRun(client)
    const taken = 'run' in now && now.run !== undefined ? { run: now.run, seq: now.seq } : undefined
    // Where it was in the run already, there may be nothing left to wait for, and nothing more to be told.
    let last = taken !== undefined && taken.run === run && taken.seq === seq ? await stateOf(workspace, taken.run) : undefined
    let isTaken = taken === undefined
    if (last === undefined || !haveEnded(last, ids)) {
      for await (const { folder, event, state } of followConductor(workspace, client, run === undefined ? undefined : { run, seq }, leaving.signal)) {
        narrator.listen(event, state)
        if (spoken !== 'json') tellNeed(event, ids)
        last = state
        // What came before says nothing: tasks of these names may have ended in it.
        isTaken ||= folder.id === taken?.run && event.seq >= taken.seq
        if (isTaken && (haveEnded(state, ids) || isOver(state))) break
      }
    }
    narrator.end()
    if (leaving.signal.aborted) {
      err('the work goes on; tutti attach looks at it again')
      return EXIT.sigint
    }
    if (last === undefined || !haveEnded(last, ids)) return leftOpen(last)
    if (spoken !== 'json') sum(last, ids)
    return ids.every((id) => last.tasks.get(id)?.state.status === 'complete') ? EXIT.done : EXIT.failed
  } finally {
    process.off('SIGINT', interrupt)
    narrator.end()
  }
}

async function stateOf({ runs }: Workspace, run: string): Promise<RunState | undefined> {
  const state = await stateOfRun(runs, run)
  return 'problem' in state ? undefined : state
}

function haveEnded({ tasks }: RunState, ids: readonly string[]): boolean {
  return ids.every((id) => hasEnded(tasks.get(id)?.state.status ?? 'waiting'))
}

function isOver({ phase: { phase } }: RunState): boolean {
  return phase === 'closed' || phase === 'stopped'
}

/** The conductor has left, or is gone without a word. */
function leftOpen(state: RunState | undefined): ExitCode {
  err(`error: the conductor is gone before all had ended${state === undefined ? '' : `; go on with: tutti resume ${state.run}`}`)
  return state !== undefined && isOver(state) ? exitCodeOf(state) : EXIT.failed
}

function tellNeed(event: Event, ids: readonly string[]): void {
  if (event.type === 'gate.opened' && event.gate !== 'budget' && ids.includes(event.task)) errWrapped(`"${event.task}" waits for you; tutti inbox says how to answer`)
}

function sum(state: RunState, ids: readonly string[]): void {
  const style = styleOf(process.stdout)
  const tasks = ids.map((id) => state.tasks.get(id)).filter((task) => task !== undefined)
  const others = tasks.filter(({ state: now }) => now.status !== 'complete')
  out('')
  out(`${style.sign(others.length === 0 ? 'complete' : 'incomplete')} ${tasks.length - others.length} of ${plural(tasks.length, 'task')} complete`)
  outRows(
    others.map((task) => ({ sign: style.sign(task.state.status), cells: [`${task.spec.id}: ${reasonOf(task, state) ?? task.state.status}`] })),
    2,
  )
  out(`  more        tutti show ${state.run.slice(-4)}`)
}
