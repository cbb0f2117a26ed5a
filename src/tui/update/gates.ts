import type { RunState } from '../../core/state.ts'
import { whyNot } from '../../core/steering.ts'
import { plural } from '../../core/units.ts'
import { endInWords, refusalQuestion } from '../../core/views/gate-words.ts'
import type { Effect } from '../effects.ts'
import type { Glance } from '../glance.ts'
import type { GateWish, Prompt, TypedPrompt } from '../ui.ts'
import { asksOf, heldOf } from '../wishes.ts'
import { ask, look, perform, prompt, refuse, type Step } from './step.ts'

/*
 * What a person says at a gate beside yes: what they answer, what is not good yet, and why not. Each names the gate that
 * was looked at when it was asked for.
 */

type Answering = Extract<TypedPrompt, { ask: 'answer' }>
type Commenting = Extract<TypedPrompt, { ask: 'comment' }>

/** Asks for an answer to all that a task asks; what was said with the command is that to its first. */
export function askForAnswer(glance: Glance, wishes: readonly GateWish[], done: string): Step {
  const [to, ...others] = wishes
  if (to?.type !== 'answer') throw new Error('bug: there is nothing to answer')
  if (others.length > 0) return refuse(glance, `${plural(wishes.length, 'task')} ask: answer them one by one`)
  const asks = asksOf(glance.run?.state.tasks.get(to.task))
  const [first = ''] = to.answers
  const asked: Answering = { ask: 'answer', text: first, to, asks, said: [], done }
  return first === '' ? prompt(glance, asked) : answered(glance, asked, first)
}

/** Goes on to what is asked next; when all is answered it is handed in. */
export function answered(glance: Glance, asked: Answering, answer: string): Step {
  const said = [...asked.said, answer]
  if (said.length < asked.asks.length) return prompt(glance, { ...asked, text: '', said })
  return handIn(glance, [{ ...asked.to, type: 'answer', answers: said }], asked.done)
}

/** Sends back what was made, with what is not good yet. */
export function sendBack(glance: Glance, wishes: readonly GateWish[], done: string): Step {
  const isSaid = wishes.every((wish) => wish.type === 'send-back' && wish.comment !== '')
  return isSaid ? handIn(glance, wishes, done) : prompt(glance, { ask: 'comment', text: '', to: wishes, must: true, isMissing: false, done })
}

/** Asks before it rejects, and says what that comes to; a reason may be given with it. */
export function reject(glance: Glance, state: RunState, wishes: readonly GateWish[], done: string): Step {
  const isSaid = wishes.every((wish) => wish.type === 'reject' && wish.comment !== undefined)
  const comment: Prompt = { ask: 'comment', text: '', to: wishes, must: false, isMissing: false, done }
  const more = isSaid ? [] : [{ key: 'w', says: 'yes, and why', brief: 'why', does: comment }]
  return ask(glance, rejectQuestion(state, wishes), { effect: 'send', intents: wishes, done }, wishes, more)
}

function rejectQuestion({ tasks }: RunState, wishes: readonly GateWish[]): string {
  const [first] = wishes
  const task = first === undefined ? undefined : tasks.get(first.task)
  const held = heldOf(task)
  if (wishes.length > 1 || task === undefined || held === undefined) return `reject ${plural(wishes.length, 'task')}?`
  const blocks = held.gate !== 'question' && task.dependents.length > 0 && task.spec.on_failure !== 'continue'
  return `${refusalQuestion(held, `"${task.spec.id}"`)}${blocks ? ', what needs it is blocked' : ''}`
}

/** The comment was typed. One that has to be there is asked for until it is. */
export function commented(glance: Glance, asked: Commenting): Step {
  const comment = asked.text.trim()
  if (comment === '' && asked.must) return look(glance, { prompt: { ...asked, text: '', isMissing: true } })
  return handIn(glance, comment === '' ? asked.to : asked.to.map((wish) => ({ ...wish, comment })), asked.done)
}

function handIn(glance: Glance, intents: readonly GateWish[], done: string): Step {
  const send: Effect = { effect: 'send', intents, done }
  return perform({ ...glance, ui: { ...glance.ui, prompt: undefined } }, send)
}

/** Why a line need not be answered any more: what it is about has been answered meanwhile, or is no longer what it was. */
export function whyOver(state: RunState, asked: Prompt): string | undefined {
  const about = gatesOf(asked)
  const why = about.map((wish) => whyNot(state, wish))
  const [first] = about
  if (first === undefined || why.includes(undefined)) return undefined
  const record = first.gate === undefined ? undefined : state.gates.get(first.gate)
  return (record === undefined ? undefined : endInWords(record)) ?? why[0]
}

function gatesOf(asked: Prompt): readonly GateWish[] {
  switch (asked.ask) {
    case 'answer':
      return [asked.to]
    case 'comment':
      return asked.to
    case 'choose':
      return asked.about
    case 'filter':
    case 'command':
    case 'search':
      return []
  }
}
