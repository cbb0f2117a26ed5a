import type { Ask } from '../core/question.ts'
import type { RunState } from '../core/state.ts'
import { whyNot } from '../core/steering.ts'
import type { Author, Wish } from '../core/wish.ts'
import type { HeldState, Task } from '../core/task-state.ts'
import type { CommandName } from './commands.ts'
import type { GateWish } from './ui.ts'

/** Who stands behind what is asked for on the screen, as the run records it. */
export const AUTHOR: Author = { by: 'a person', door: 'screen' }

export type TaskWish = Extract<Wish, { task: string } | { task?: string | undefined }> & { task: string } & Author

const TASK_COMMANDS = ['approve', 'answer', 'send-back', 'reject', 'skip', 'skip-below', 'cancel', 'pause-task', 'retry', 'retry-below'] as const satisfies readonly CommandName[]
/** Commands that are about tasks. */
export type TaskCommand = (typeof TASK_COMMANDS)[number]

export function isTaskCommand(command: CommandName): command is TaskCommand {
  return TASK_COMMANDS.some((known) => known === command)
}

/** What a command wants of a task as it stands; what a person has to say with it is empty as long as they have said nothing. */
export function wishOf({ tasks }: RunState, command: TaskCommand, task: string, words = ''): TaskWish {
  const to = { task, ...gateOf(tasks.get(task)), ...AUTHOR }
  switch (command) {
    case 'approve':
      return { type: command, ...to }
    case 'answer':
      return { type: command, answers: asksOf(tasks.get(task)).map((_, index) => (index === 0 ? words : '')), ...to }
    case 'send-back':
      return { type: command, comment: words, ...to }
    case 'reject':
      return { type: command, ...(words === '' ? {} : { comment: words }), ...to }
    case 'skip':
    case 'cancel':
      return { type: command, task, ...AUTHOR }
    case 'skip-below':
      return { type: 'skip', task, descendants: true, ...AUTHOR }
    case 'retry':
      return { type: 'retry', task, descendants: false, ...AUTHOR }
    case 'retry-below':
      return { type: 'retry', task, descendants: true, ...AUTHOR }
    case 'pause-task':
      return { type: tasks.get(task)?.paused === undefined ? 'pause' : 'unpause', task, ...AUTHOR }
  }
}

/** What the pause key wants of the whole run. */
export function pauseWish({ paused }: RunState): Extract<Wish, { type: 'pause' | 'unpause' }> & Author {
  return { type: paused === undefined ? 'pause' : 'unpause', ...AUTHOR }
}

export function isGateWish(wish: TaskWish): wish is GateWish {
  return wish.type === 'approve' || wish.type === 'answer' || wish.type === 'send-back' || wish.type === 'reject'
}

/** What a task is held at. */
export function heldOf(task: Task | undefined): HeldState | undefined {
  return task?.state.status === 'held' ? task.state : undefined
}

/** What a task asks; nothing where it asks for no words. */
export function asksOf(task: Task | undefined): readonly Ask[] {
  const held = heldOf(task)
  return held?.gate === 'question' && held.question.kind === 'question' ? held.question.asks : []
}

/** The gate that is looked at, as it is looked at: an answer is for that one. */
function gateOf(task: Task | undefined): { gate: string; shown: string } | undefined {
  const held = heldOf(task)
  return held === undefined || held.gate === 'paused' ? undefined : { gate: held.id, shown: held.shown }
}

/** Whether a command can be done to a task now. */
export function canDo(state: RunState, command: TaskCommand, task: string): boolean {
  return whyNot(state, wishOf(state, command, task)) === undefined
}
