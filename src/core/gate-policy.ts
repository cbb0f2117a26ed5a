import type { GateTimeout } from './gate.ts'
import { settingsOf, type RunState } from './state.ts'
import type { Task } from './task-state.ts'
import type { TaskSpec } from './task.ts'

/*
 * Where a person is needed, as a task and the settings say.
 */

/** Whether a task may not run before a person has said so. */
export function needsApproval(state: RunState, { spec, approved }: Task): boolean {
  const { approval } = settingsOf(state)
  if (!spec.requires_approval || approved || approval.mode === 'auto') return false
  return spec.type === undefined || !approval.auto_approve_types.includes(spec.type)
}

/** Whether what a task makes counts only once a person has looked at it. */
export function needsReview(state: RunState, { review, type }: TaskSpec): boolean {
  const { approval } = settingsOf(state)
  if (approval.mode === 'auto' || review === false) return false
  return review === true || (type !== undefined && approval.checkpoint_after_types.includes(type))
}

/** When a gate of a task is answered by itself, and how; undefined where it waits for ever. */
export function timeoutOf(state: RunState, { gate_timeout_s, on_timeout }: TaskSpec): GateTimeout | undefined {
  const { gates } = settingsOf(state)
  const after_s = gate_timeout_s ?? gates.timeout_s ?? undefined
  const does = on_timeout ?? gates.on_timeout
  return after_s === undefined || does === 'hold' ? undefined : { after_s, does }
}

/** How many questions one attempt of a task may put to a person. */
export function mostQuestions(state: RunState, { max_questions }: TaskSpec): number {
  return max_questions ?? settingsOf(state).gates.max_questions
}
