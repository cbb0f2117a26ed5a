import type { Command } from 'commander'
import type { RunBeside } from '../../app/handed-in/hand-in.ts'
import type { RunState } from '../../core/state.ts'
import { inboxEntries } from '../../core/views/inbox.ts'
import { answeredText, gateMeant } from '../at-gate.ts'
import type { CommandModule } from '../command.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { err } from '../terminal.ts'
import { handInAll, withWish, type Asked, type WishOptions } from '../wish-options.ts'

/*
 * What a person says to a task that waits for them.
 */

type Options = WishOptions & { comment?: string; gate?: string; shown?: string; all?: boolean }

function withGate(command: Command): Command {
  return withWish(command)
    .option('--gate <id>', 'only where it still waits at this gate; tutti inbox tells its id')
    .option('--shown <hash>', 'only where it still shows what has this hash')
}

function perTask(tasks: readonly string[], { gate, shown }: Options, wish: (task: string, to: ReturnType<typeof gateMeant>) => Extract<Asked, { wish: unknown }>['wish']) {
  return ({ state }: RunBeside): Asked[] =>
    tasks.map((task) => {
      const about = answeredText(state, task)
      return { task, wish: wish(task, gateMeant(state, task, { gate, shown })), ...(about === undefined ? {} : { about }) }
    })
}

const said = ({ comment }: Options) => (comment === undefined ? {} : { comment })

function deciding(type: 'approve' | 'reject', more: string): CommandModule {
  return {
    define: (command, exit) => {
      withGate(command)
        .argument('[task...]', 'tasks that wait for you')
        .option('--all', 'every task that waits for approval or review now')
        .option('--comment <text>', 'why, in your words')
        .addHelpText('after', `\n${more}`)
        .action(async (tasks: string[], options: Options) => exit(await decide(type, tasks, options)))
    },
  }
}

async function decide(type: 'approve' | 'reject', tasks: readonly string[], options: Options): Promise<ExitCode> {
  if ((tasks.length > 0) === (options.all === true)) {
    err(tasks.length > 0 ? 'error: name tasks, or give --all' : 'error: name the tasks, or give --all; tutti inbox says what waits')
    return EXIT.invalid
  }
  return handInAll(options, (run) => perTask(options.all === true ? undecided(run) : tasks, options, (task, to) => ({ type, task, ...to, ...said(options) }))(run))
}

function undecided({ state }: RunBeside): string[] {
  const tasks = inboxEntries(state).flatMap(({ task, gate }) => (gate === 'approval' || gate === 'review' ? [task] : []))
  if (tasks.length === 0) err('nothing waits for approval or review')
  return tasks
}

export const approve = deciding('approve', 'What waits to run may run; what was made is accepted; what an agent asks leave for is allowed.\ntutti inbox says what waits.')
export const reject = deciding('reject', 'What waits to run is cancelled; what was made is incomplete; what an agent asks leave for is not allowed.\nTo have what was made done again: tutti send-back.')

export const sendBack: CommandModule = {
  define: (command, exit) => {
    withGate(command)
      .argument('<task...>', 'tasks that wait for your review')
      .requiredOption('--comment <text>', 'what is still missing: the next attempt is told so')
      .action(async (tasks: string[], options: Options & { comment: string }) => exit(await handInAll(options, perTask(tasks, options, (task, to) => ({ type: 'send-back', task, ...to, comment: options.comment })))))
  },
}

export const answer: CommandModule = {
  define: (command, exit) => {
    withGate(command)
      .argument('<task>', 'a task that asks something')
      .argument('<answer...>', 'one for each thing that it asks: an option, its number, or words of your own')
      .option('--comment <text>', 'what you say beside it')
      .action(async (task: string, answers: string[], options: Options) => exit(await handIn(task, answers, options)))
  },
}

function handIn(task: string, words: readonly string[], options: Options): Promise<ExitCode> {
  return handInAll(options, (run) => perTask([task], options, (id, to) => ({ type: 'answer', task: id, ...to, answers: answersTo(run.state, id, words), ...said(options) }))(run))
}

/** One question is answered by all of the words; an option may be written in any case, or by its number as the inbox shows it. */
function answersTo({ tasks }: RunState, id: string, words: readonly string[]): string[] {
  const now = tasks.get(id)?.state
  if (now?.status !== 'held' || now.gate !== 'question' || now.question.kind !== 'question') return [...words]
  const { asks } = now.question
  const given = asks.length === 1 ? [words.join(' ')] : words
  return given.map((text, index) => optionMeant(asks[index]?.options ?? [], text.trim()) ?? text)
}

/** What is an option's name is not taken for the number of another. */
function optionMeant(options: readonly { label: string }[], text: string): string | undefined {
  const named = options.find(({ label }) => label.toLowerCase() === text.toLowerCase())
  return (named ?? (/^\d{1,2}$/.test(text) ? options[Number(text) - 1] : undefined))?.label
}
