import type { Event } from './events.ts'
import { taskOf, type RunFile, type RunState } from './state.ts'
import type { Task } from './task-state.ts'
import type { FileStatus } from './task.ts'

type FileEvent = Extract<Event, { type: 'file.read' | `filing.${string}` }>

/** Takes task files, and what is written into them, into the state. */
export function reduceFile(state: RunState, event: FileEvent): void {
  if (event.type === 'file.read') {
    const { file, sha256, content_sha256, size, inbox } = event
    const known = state.files.get(file)
    // A name that was used before and filed away may come again, for another file.
    if (known === undefined || isThroughWith(known)) {
      state.files.set(file, { file, sha256, content_sha256, size, inbox, path: file, tasks: [], since: state.tasks.size, attempts: 0, left: 0, due: undefined, step: 'idle' })
    } else Object.assign(known, { sha256, content_sha256, size, inbox })
    return
  }

  const file = state.files.get(event.file)
  if (file === undefined) throw new Error(`bug: ${event.file} is not a file of run ${state.run}`)
  if (event.type === 'filing.started') {
    file.step = 'filing'
    state.toFile.delete(file.file)
    state.filing++
    return
  }
  file.step = 'idle'
  file.path = event.path
  state.filing--
  if (event.problem !== undefined) file.problem = event.problem
  // While this status was being written the next one may have come due.
  if (file.due === event.status) file.due = undefined
  else if (file.due !== undefined) state.toFile.add(file.file)
}

/** Whether nothing is left to be done of a file, and it lies where it belongs by now. */
export function isThroughWith({ left, due, step }: RunFile): boolean {
  return left === 0 && due === undefined && step === 'idle'
}

/** The file that a task came from, as long as no other one of its name was read since that was filed away. */
export function fileOf(state: RunState, { spec, order }: Task): RunFile | undefined {
  const file = state.files.get(spec.file)
  return file !== undefined && order >= file.since ? file : undefined
}

/** Asks for a status to be written into a file; only the inbox's files carry one. */
export function fileIsDue(state: RunState, file: RunFile, status: FileStatus): void {
  if (!file.inbox) return
  file.due = status
  if (file.step === 'idle') state.toFile.add(file.file)
}

/**
 * A file is as well off as the worst of its tasks. What a person does without is done with, as what is complete. One of
 * which nothing ran is still to be done, unless a person has cancelled something of it: it is not run by itself again.
 */
export function statusOfFile(state: RunState, file: RunFile): FileStatus {
  const tasks = file.tasks.map((id) => taskOf(state, id))
  const has = (...statuses: string[]) => tasks.some((task) => statuses.includes(task.state.status))
  if (has('failed')) return 'failed'
  if (tasks.every(({ state: { status } }) => status === 'complete' || status === 'skipped')) return 'complete'
  const isCancelled = tasks.some(({ state: now }) => now.status === 'cancelled' && now.asked_by !== undefined)
  return isCancelled || tasks.some(({ attempts }) => attempts.length > 0) ? 'incomplete' : 'pending'
}
