import { attemptsAnew, isAsking, type Task } from '../task-state.ts'

/** From a task's first attempt, since it was last reopened, to its end, in ms since 1970; without `to` it is under way. */
export type TaskSpan = { from: number; to: number | undefined }

/** Absent as long as there was no attempt. What waits for its next one has taken as long as until the end of the last; what asks, until it asked. */
export function taskSpan(task: Task): TaskSpan | undefined {
  const { ended_at, state } = task
  const attempts = attemptsAnew(task)
  const [first] = attempts
  if (first === undefined) return undefined
  const from = Date.parse(first.started_at)
  if (state.status === 'running' || state.status === 'checking') return { from, to: undefined }
  const end = ended_at ?? attempts.at(-1)?.ended_at ?? (isAsking(state) ? state.since : undefined)
  // A clock that was set back gives no time at all.
  return { from, to: end === undefined ? from : Math.max(from, Date.parse(end)) }
}
