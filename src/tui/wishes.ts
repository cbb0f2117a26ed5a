import type { RunState } from '../core/state.ts'
import { whyNot, type Steering } from '../core/steering.ts'
import type { CommandName } from './commands.ts'

/** Who stands behind what is asked for on the screen, as the run records it. */
const by = 'a person'

export type TaskWish = Steering & { task: string }

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
    case 'skip':
    case 'cancel':
      return { type: command, task, by }
    case 'retry':
      return { type: 'retry', task, by, descendants: false }
    case 'retry-below':
      return { type: 'retry', task, by, descendants: true }
    case 'pause-task':
      return { type: tasks.get(task)?.paused === undefined ? 'pause' : 'unpause', task, by }
  }
}

/** What the pause key wants of the whole run. */
export function pauseWish({ paused }: RunState): Steering {
  return { type: paused === undefined ? 'pause' : 'unpause', by }
}

/** Whether a command can be done to a task now. */
export function canDo(state: RunState, command: TaskCommand, task: string): boolean {
  return whyNot(state, wishOf(state, command, task)) === undefined
}
