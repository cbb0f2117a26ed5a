import type { RunState } from '../core/state.ts'
import { whyNot } from '../core/steering.ts'
import type { Author, Wish } from '../core/wish.ts'
import type { Task } from '../core/task-state.ts'
import type { CommandName } from './commands.ts'

/** Who stands behind what is asked for on the screen, as the run records it. */
export const AUTHOR: Author = { by: 'a person', door: 'screen' }

export type TaskWish = Extract<Wish, { task: string } | { task?: string | undefined }> & { task: string } & Author

const TASK_COMMANDS = ['approve', 'skip', 'cancel', 'pause-task', 'retry', 'retry-below'] as const satisfies readonly CommandName[]
/** Commands that are about tasks. */
export type TaskCommand = (typeof TASK_COMMANDS)[number]

export function isTaskCommand(command: CommandName): command is TaskCommand {
  return TASK_COMMANDS.some((known) => known === command)
}

/** What a command wants of a task as it stands. */
export function wishOf({ tasks }: RunState, command: TaskCommand, task: string): TaskWish {
  switch (command) {
    case 'approve':
      return { type: command, task, ...gateOf(tasks.get(task)), ...AUTHOR }
    case 'skip':
    case 'cancel':
      return { type: command, task, ...AUTHOR }
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

/** The gate that is looked at, as it is looked at: an answer is for that one. */
function gateOf(task: Task | undefined): { gate: string; shown: string } | undefined {
  const now = task?.state
  return now?.status === 'held' && now.gate !== 'paused' ? { gate: now.id, shown: now.shown } : undefined
}

/** Whether a command can be done to a task now. */
export function canDo(state: RunState, command: TaskCommand, task: string): boolean {
  return whyNot(state, wishOf(state, command, task)) === undefined
}
