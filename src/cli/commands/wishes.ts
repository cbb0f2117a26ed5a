import { Argument, type Command } from 'commander'
import type { RunState } from '../../core/state.ts'
import { Priority } from '../../core/task.ts'
import type { Wish } from '../../core/wish.ts'
import type { CommandModule } from '../command.ts'
import { handInAll, withWish, type Asked, type WishOptions } from '../wish-options.ts'

/*
 * What a person wants of tasks, whatever they are at.
 */

type Options = WishOptions & { withDescendants?: boolean }
type Asking = (task: string, descendants: boolean, state: RunState) => Wish | { problem: string }

type Kind = {
  asks: Asking
  /** What `--with-descendants` takes along; none where there is no such option. */
  descendants?: string
  /** What is wanted where no task is named; none where one has to be. */
  otherwise?: Wish
  more?: string
}

function kind({ asks, descendants, otherwise, more = '' }: Kind): CommandModule {
  return {
    define: (command: Command, exit) => {
      withWish(command).argument(otherwise === undefined ? '<task...>' : '[task...]', otherwise === undefined ? 'which tasks' : 'which tasks; the whole run where none is named')
      if (descendants !== undefined) command.option('--with-descendants', descendants)
      if (more !== '') command.addHelpText('after', `\n${more}`)
      command.action(async (tasks: string[], options: Options) =>
        exit(
          await handInAll(options, ({ state }) => {
            if (tasks.length === 0 && otherwise !== undefined) return [{ task: undefined, wish: otherwise }]
            return tasks.map((task) => asked(task, asks(task, options.withDescendants === true, state)))
          }),
        ),
      )
    },
  }
}

function asked(task: string, wanted: Wish | { problem: string }): Asked {
  return 'problem' in wanted ? { task, ...wanted } : { task, wish: wanted }
}

export const pause = kind({
  asks: (task, descendants) => ({ type: 'pause', task, descendants }),
  descendants: 'all that depends on it, too',
  otherwise: { type: 'pause' },
  more: 'What runs comes to its end, and nothing new is started.',
})

export const unpause = kind({
  asks: (task, descendants) => ({ type: 'unpause', task, descendants }),
  descendants: 'all that depends on it, too',
  otherwise: { type: 'unpause' },
})

const INTERRUPTS = 'What is under way is interrupted first; what has ended stays as it is.'

export const skip = kind({
  asks: (task, descendants) => ({ type: 'skip', task, descendants }),
  descendants: 'all that depends on it, too',
  more: `What depends on it goes on without its result.\n${INTERRUPTS}`,
})

export const cancel = kind({
  asks: (task, descendants) => ({ type: 'cancel', task, descendants }),
  descendants: 'all that depends on it, too: cancelled itself, and not blocked',
  more: `What depends on it is blocked.\n${INTERRUPTS}`,
})

/** What has succeeded is done again by those who say that they mean it. */
export const retry = kind({
  asks: (task, descendants, { tasks }) => (tasks.get(task)?.state.status === 'complete' ? { problem: `"${task}" is complete; to do it again all the same: tutti rerun ${task}` } : { type: 'retry', task, descendants }),
  descendants: 'all that stands behind it is done again, too',
  more: 'What was blocked because of it goes on. What waits for its time is tried at once.',
})

export const rerun = kind({
  asks: (task, descendants) => ({ type: 'retry', task, descendants }),
  descendants: 'all that stands behind it is done again, too',
})

export const priority: CommandModule = {
  define: (command, exit) => {
    withWish(command)
      .argument('<task>', 'which task')
      .addArgument(new Argument('<priority>', 'when it leaves, among all that is ready').choices(Priority.options))
      .action(async (task: string, wanted: Priority, options: WishOptions) => exit(await handInAll(options, () => [{ task, wish: { type: 'prioritize', task, priority: wanted } }])))
  },
}
