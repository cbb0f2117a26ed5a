import type { RunState } from '../../core/state.ts'
import { whyNot } from '../../core/steering.ts'
import { plural } from '../../core/units.ts'
import { answerWords } from '../../core/views/gate-words.ts'
import type { Action } from '../commands.ts'
import type { Glance } from '../glance.ts'
import { keyName } from '../keymap.ts'
import { AUTHOR, canDo, heldOf, isGateWish, pauseWish, wishOf, type TaskCommand, type TaskWish } from '../wishes.ts'
import { askForAnswer, reject, sendBack } from './gates.ts'
import { ask, perform, refuse, type Step } from './step.ts'
import { subjectsOf } from './subjects.ts'

type SteerCommand = TaskCommand | 'pause' | 'retry-providers'

const READ_ONLY = {
  live: 'this run can only be looked at',
  followed: 'another process conducts this run: it can only be watched from here',
  recorded: 'nobody conducts this run: it can only be looked at',
  replayed: 'this is a replay: it can only be looked at',
} as const

/** What a person wants of the tasks that they name, have marked or have selected. What destroys asks first; what cannot be done says why. */
export function steer(glance: Glance, action: Action & { do: SteerCommand }): Step {
  const { run } = glance
  if (run === undefined) return refuse(glance, 'there is no run yet')
  if (run.send === undefined) return refuse(glance, READ_ONLY[run.is])
  const { do: command } = action
  if (command === 'pause') return pauseAll(glance, run.state)
  if (command === 'retry-providers') return perform(glance, { effect: 'send', intents: [{ type: 'retry-now', ...AUTHOR }], done: 'providers are asked again' })

  const subjects = subjectsOf(glance, action)
  if (subjects.length === 0) return refuse(glance, 'no task is selected')
  const wishes = subjects.map((task) => wishOf(run.state, command, task, action.words))
  const refusals = wishes.map((wish) => whyNot(run.state, wish))
  const possible = wishes.filter((_, index) => refusals[index] === undefined)
  const [only = ''] = subjects
  // Whoever says yes to a question that has no usual answer is asked for one.
  if (command === 'approve' && subjects.length === 1 && possible.length === 0 && canDo(run.state, 'answer', only)) return steer(glance, { do: 'answer', arg: only })
  if (possible.length === 0) return refuse(glance, `${refusals[0] ?? ''}${subjects.length === 1 ? '' : ` (and ${plural(subjects.length - 1, 'more')})`}${GATE_COMMANDS.has(command) ? elsewhere(glance, run.state) : ''}`)
  const done = doneText(run.state, possible, subjects.length)
  const gates = possible.filter(isGateWish)
  switch (command) {
    case 'answer':
      return askForAnswer(glance, gates, done)
    case 'send-back':
      return sendBack(glance, gates, done)
    case 'reject':
      return reject(glance, run.state, gates, done)
    case 'approve':
    case 'skip':
    case 'skip-below':
    case 'cancel':
    case 'pause-task':
    case 'retry':
    case 'retry-below': {
      const send = { effect: 'send', intents: possible, done } as const
      const question = questionOf(run.state, possible)
      return question === undefined ? perform(glance, send) : ask(glance, question, send, gates)
    }
  }
}

const GATE_COMMANDS: ReadonlySet<TaskCommand> = new Set(['approve', 'answer', 'send-back', 'reject'])

/** Where to look for what a person wanted to answer. */
function elsewhere({ keymap, models }: Glance, { counts }: RunState): string {
  const [key] = keymap.keysOf('inbox')
  return counts.held === 0 || models.queue.waiting() === 0 || key === undefined ? '' : `; ${keyName(key)} shows what waits for you`
}

function pauseAll(glance: Glance, state: RunState): Step {
  const wish = pauseWish(state)
  const why = whyNot(state, wish)
  if (why !== undefined) return refuse(glance, why)
  const done = wish.type === 'pause' ? 'paused: what runs goes on to its end, nothing more is started' : 'goes on'
  return perform(glance, { effect: 'send', intents: [wish], done })
}

const DONE: Record<TaskWish['type'], string> = { approve: 'approved', reject: 'rejected', 'send-back': 'sent back', answer: 'answered', prioritize: 'moved', skip: 'skipped', cancel: 'cancelled', retry: 'to be done again:', pause: 'paused', unpause: 'goes on:' }

function doneText({ tasks }: RunState, wishes: readonly TaskWish[], asked: number): string {
  const [first] = wishes
  if (first === undefined) return ''
  const held = heldOf(tasks.get(first.task))
  const words = wishes.length === 1 && held !== undefined && isGateWish(first) ? answerWords(held, first.type) : undefined
  const what = wishes.length === 1 ? `"${first.task}"` : plural(wishes.length, 'task')
  return `${words?.done ?? DONE[first.type]} ${what}${wishes.length < asked ? ` (${asked - wishes.length} could not be)` : ''}`
}

/** What is asked before it is done; nothing where no work is lost by it. */
function questionOf(state: RunState, wishes: readonly TaskWish[]): string | undefined {
  const tasks = wishes.flatMap(({ task }) => state.tasks.get(task) ?? [])
  const [first] = wishes
  const [only] = tasks
  if (first === undefined || only === undefined) return undefined
  const [what, it] = wishes.length === 1 ? [`"${first.task}"`, 'it'] : [plural(wishes.length, 'task'), 'them']
  const running = tasks.filter(({ state: { status } }) => status === 'running' || status === 'checking').length
  const interrupts = running === 0 ? '' : wishes.length === 1 ? ' while it runs' : ` (${running} of them ${running === 1 ? 'runs' : 'run'})`
  switch (first.type) {
    case 'skip':
      if (first.descendants === true) return `skip ${what}, and all that depends on ${it}?`
      return running === 0 && wishes.length === 1 ? undefined : `skip ${what}${interrupts}? what needs ${it} goes on`
    case 'cancel':
      return `cancel ${what}${interrupts}? what needs ${it} is blocked`
    case 'retry': {
      const complete = tasks.filter(({ state: { status } }) => status === 'complete').length
      if (first.descendants) return `do ${what} again, and all that depends on ${it}?`
      return complete === 0 ? undefined : `${complete === 1 && wishes.length === 1 ? `${what} is complete` : `${complete} of them are complete`}: do it again?`
    }
    case 'approve':
      return wishes.length === 1 ? undefined : `approve ${what}?`
    case 'reject':
    case 'send-back':
    case 'answer':
    case 'prioritize':
    case 'pause':
    case 'unpause':
      return undefined
  }
}
