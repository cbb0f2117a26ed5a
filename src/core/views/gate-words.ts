import { ANSWER_WORDS } from '../answering.ts'
import type { LimitName } from '../budget.ts'
import type { GateRecord } from '../gate.ts'
import type { OnTimeout } from '../gate-defaults.ts'
import { defaultReply, type Question, type Reply } from '../question.ts'
import { oneLine } from '../sanitize.ts'
import type { Gate, HeldState } from '../task-state.ts'
import { formatSpan } from '../units.ts'
import type { Wish } from '../wish.ts'

/*
 * What a held task waits for, in words: every face says it like this.
 */

/** Characters of a question in the middle of a sentence. */
const LONGEST_QUESTION = 300

/** In few words, for a row: `approval`, `asks: Which colour?`. */
export function waitsInBrief(now: HeldState): string {
  switch (now.gate) {
    case 'approval':
    case 'review':
    case 'paused':
      return now.gate
    case 'question':
      return now.reply === undefined ? `asks: ${questionText(now.question)}` : 'answered, goes on soon'
    case 'quota':
      return `${now.providers.join(', ')} ${now.providers.length === 1 ? 'has' : 'have'} no quota left`
    case 'budget':
      return LIMIT_WORDS[now.limit ?? 'unknown']
  }
}

const LIMIT_WORDS: Record<LimitName | 'unknown', string> = {
  day: "day's budget used up",
  month: "month's budget used up",
  project: "project's budget used up",
  run: "run's budget used up",
  task: "task's budget used up",
  unknown: 'its price is not known',
}

/** At length, as the end of a sentence about the task: `waits for approval`, `asks: Which colour?`. */
export function waitsInWords(now: HeldState): string {
  switch (now.gate) {
    case 'approval':
      return 'waits for approval'
    case 'review':
      return 'waits for review of what it made'
    case 'question':
      return now.reply === undefined ? `asks: ${questionText(now.question)}` : 'has been answered, and goes on as soon as there is room'
    case 'budget':
      return `waits for money: ${now.reason}`
    case 'quota':
      return `waits for a quota: ${now.reason}`
    case 'paused':
      return `paused by ${now.by}`
  }
}

/** What is asked, in one line. */
export function questionText(question: Question): string {
  if (question.kind === 'permission') return oneLine(`may it use ${question.tool}? ${question.input}`, LONGEST_QUESTION)
  const [first, ...others] = question.asks
  return oneLine(`${first?.text ?? ''}${others.length === 0 ? '' : ` (and ${others.length} more)`}`, LONGEST_QUESTION)
}

/** What somebody who asked is told, in one line. */
export function replyText(reply: Reply): string {
  switch (reply.is) {
    case 'answered':
      return oneLine(reply.answers.join('; '), LONGEST_QUESTION)
    case 'allowed':
      return 'allowed'
    case 'denied':
      return oneLine(`not allowed${reply.message === undefined ? '' : `: ${reply.message}`}`, LONGEST_QUESTION)
    case 'unanswered':
      return oneLine(reply.message, LONGEST_QUESTION)
  }
}

/** What a person is needed for at a gate: `Needed: your approval of deploy.` */
export const NEEDED: Record<Exclude<Gate, 'paused'>, string> = { approval: 'your approval of', review: 'your review of', question: 'your answer to', budget: 'money for', quota: 'a quota for' }

/** A gate, as far as it matters for what can be said to it. */
type Gated = { gate: Gate; question?: Question | undefined }
type Kind = Exclude<Gate, 'question'> | Question['kind']

/** An agent that asks for leave is told yes or no; one that asks a question is told what. */
function kindOf({ gate, question }: Gated): Kind {
  return gate === 'question' ? (question?.kind ?? 'question') : gate
}

/** What answers a gate. */
export type GateIntent = Extract<Wish['type'], 'approve' | 'answer' | 'send-back' | 'reject'>
/** `verb`: what a key does; `done`: what was done, before the name of the task. */
type AnswerWords = { verb: string; done: string }

const ANSWERS: Record<Kind, Partial<Record<GateIntent, AnswerWords>>> = {
  approval: { approve: { verb: 'approve', done: 'approved' }, reject: { verb: 'reject', done: 'rejected' } },
  review: { approve: { verb: 'accept', done: 'accepted' }, 'send-back': { verb: 'send back', done: 'sent back' }, reject: { verb: 'reject', done: 'rejected' } },
  permission: { approve: { verb: 'allow', done: 'allowed' }, reject: { verb: 'deny', done: 'denied' } },
  question: { answer: { verb: 'answer', done: 'answered' }, approve: { verb: 'default', done: 'took the default of' }, reject: { verb: 'no answer', done: 'left the decision to' } },
  budget: {},
  quota: { approve: { verb: 'ask again', done: 'asked again for' }, reject: { verb: 'reject', done: 'rejected' } },
  paused: {},
}

/** What an answer is called at a gate: undefined where it is none that is offered there. */
export function answerWords(gated: Gated, intent: GateIntent): AnswerWords | undefined {
  return ANSWERS[kindOf(gated)][intent]
}

/** Asks whether the answer is to be no, and says what that comes to. @param it the task's name, quoted */
export function refusalQuestion(gated: Gated, it: string): string {
  switch (kindOf(gated)) {
    case 'approval':
    case 'budget':
    case 'quota':
    case 'paused':
      return `reject ${it}? it is cancelled`
    case 'review':
      return `reject ${it}? it is incomplete`
    case 'permission':
      return `deny ${it} this? it may not, and has to do without`
    case 'question':
      return `leave ${it} unanswered? it has to decide by itself`
  }
}

/** What comes of a gate by itself, and when: `in 12m: rejected`; nothing where it waits for ever. @param now ms since 1970 */
export function dueInWords(gated: Gated & { due: { at: string; does: Exclude<OnTimeout, 'hold'> } | undefined }, now: number): string | undefined {
  const { due } = gated
  if (due === undefined) return undefined
  const comes = by(gated, due.does)
  return comes === undefined ? undefined : `in ${formatSpan(Math.max(0, Math.ceil((Date.parse(due.at) - now) / 1000)))}: ${comes}`
}

function by(gated: Gated, does: Exclude<OnTimeout, 'hold'>): string | undefined {
  const kind = kindOf(gated)
  if (does === 'skip') return 'skipped'
  // Nobody can approve that there is money.
  if (kind === 'budget' && does === 'approve') return undefined
  if (kind === 'quota' && does === 'approve') return 'asked again'
  if (kind === 'question') return does === 'approve' && gated.question !== undefined && defaultReply(gated.question) !== undefined ? 'takes its default' : 'decides by itself'
  return ANSWERS[kind][does]?.done ?? `${does}${does.endsWith('e') ? 'd' : 'ed'}`
}

/** How a gate came to its end, for whoever was about to answer it: `"schema" was approved by ada (cli)`. */
export function endInWords({ task, end }: GateRecord): string | undefined {
  if (end === undefined) return undefined
  if (end.how === 'lifted') return `what "${task}" waited for is there no more`
  return `"${task}" was ${ANSWER_WORDS[end.answer]} by ${oneLine(end.by, 60)}${end.door === undefined ? '' : ` (${end.door})`}`
}
