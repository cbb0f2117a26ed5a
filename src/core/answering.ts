import type { LimitName } from './budget.ts'
import { endAsWished, endWithoutCompleting } from './ending.ts'
import type { EventBody } from './events.ts'
import type { AnswerKind, GateEnd, GateRecord, GateTimeout } from './gate.ts'
import { standing } from './how-it-stands.ts'
import { askAgain, isAskedAgain } from './quota.ts'
import { answersQuestion, defaultReply, type Question, type Reply } from './question.ts'
import type { RunState } from './state.ts'
import type { HeldState, Task } from './task-state.ts'
import type { TaskSpec } from './task.ts'
import { formatTime } from './units.ts'
import type { Author, Wish } from './wish.ts'

/** What answers a gate. */
export type Answering = Extract<Wish, { type: 'approve' | 'reject' | 'send-back' | 'answer' }>

type AtGate = Exclude<HeldState, { gate: 'paused' }>

/** Why an answer cannot be taken: it is late, it is for what was shown before, or nobody asked for one of its kind. */
export function whyNotAnswered(state: RunState, task: Task, wish: Answering): string | undefined {
  if (wish.type === 'approve' && isAskedAgain(state, task, wish.gate)) return undefined
  const named = wish.gate === undefined ? undefined : state.gates.get(wish.gate)
  if (wish.gate !== undefined && named?.task !== wish.task) return `"${wish.task}" has no gate "${wish.gate}" in this run`
  if (named?.end !== undefined) return endedText(named, named.end)
  const now = task.state
  if (now.status !== 'held' || now.gate === 'paused') return nothingToAnswer(state, task, wish)
  if (wish.shown !== undefined && wish.shown !== now.shown) return `what is shown of "${wish.task}" has changed since: look at it again`
  return whyNotHere(task, now, wish)
}

function nothingToAnswer(state: RunState, task: Task, { type }: Answering): string {
  const last = [...state.gates.values()].findLast((gate) => gate.task === task.spec.id)
  const before = last?.end?.how === 'answered' ? `; ${endedText(last, last.end)}` : ''
  return `${standing(state, task)}: there is nothing to ${type === 'send-back' ? 'send back' : type}${before}`
}

export const ANSWER_WORDS: Record<AnswerKind, string> = { approved: 'approved', rejected: 'rejected', sent_back: 'sent back', replied: 'answered' }

/** Who has answered a gate, when, and by which door; or that it is there no more. */
function endedText({ id, task }: GateRecord, end: GateEnd): string {
  if (end.how === 'lifted') return `gate ${id} of "${task}" is there no more, since ${formatTime(end.at)}`
  const door = end.door === undefined ? '' : ` (${end.door})`
  return `gate ${id} of "${task}" was ${ANSWER_WORDS[end.answer]} already, by ${end.by}${door} at ${formatTime(end.at)}`
}

function whyNotHere({ spec }: Task, now: AtGate, wish: Answering): string | undefined {
  const it = `"${spec.id}"`
  switch (now.gate) {
    case 'approval':
      return wish.type === 'approve' || wish.type === 'reject' ? undefined : `${it} waits for approval: approve or reject it`
    case 'review':
      return wish.type === 'answer' ? `${it} waits for review: approve it, reject it, or send it back` : undefined
    case 'budget': {
      if (wish.type === 'reject') return undefined
      const advice = adviceOn(spec, now.limit)
      return `${it} waits for money, not for approval: ${now.reason}${advice === undefined ? '' : `; ${advice}`}`
    }
    case 'quota': {
      const who = now.providers.map((provider) => `"${provider}"`).join(', ')
      return wish.type === 'approve' || wish.type === 'reject' ? undefined : `${it} waits for a quota: approve it to have ${who} asked again, or reject it`
    }
    case 'question':
      if (now.reply !== undefined) return `${it} has been answered, and is told as soon as there is room for it to go on`
      return wish.type === 'send-back' ? `${it} asks a question: answer it` : whyNotReply(it, now.question, wish)
  }
}

function whyNotReply(it: string, question: Question, wish: Answering): string | undefined {
  if (wish.type === 'approve' && replyTo(question, wish) === undefined) return `${it} asks, and what it asks has no answer of its own: say which`
  if (wish.type !== 'answer') return undefined
  if (question.kind === 'permission') return `${it} asks whether it may use ${question.tool}: approve or reject it`
  const { length } = question.asks
  return length === wish.answers.length ? undefined : `${it} asks ${length === 1 ? 'one question' : `${length} questions`}: give ${length === 1 ? 'one answer' : 'as many answers'}`
}

/** What changes that there is no money; nothing for a price that is not known, which comes with its own advice. */
export function adviceOn({ max_cost_usd, file }: TaskSpec, limit: LimitName | undefined): string | undefined {
  if (limit === undefined) return undefined
  return limit === 'task' && max_cost_usd !== undefined ? `raise it in ${file}, and run that again` : 'raise the limit in config.json and resume the run'
}

/** What follows from an answer that can be taken. */
export function answered(state: RunState, task: Task, wish: Answering, { by, door }: Author): EventBody[] {
  const now = task.state
  if (now.status !== 'held' || now.gate === 'paused') throw new Error(`bug: "${task.spec.id}" waits for no answer`)
  const { comment } = wish
  const said = (answer: AnswerKind, reply?: Reply): EventBody => ({
    type: 'gate.answered',
    task: task.spec.id,
    gate: now.id,
    answer,
    by,
    ...(reply === undefined ? {} : { reply }),
    ...(door === undefined ? {} : { door }),
    ...(comment === undefined ? {} : { comment }),
  })
  if (now.gate === 'question') {
    const reply = replyTo(now.question, wish) ?? { is: 'unanswered', message: DECIDE_YOURSELF }
    return [said(wish.type === 'reject' ? 'rejected' : wish.type === 'approve' ? 'approved' : 'replied', reply)]
  }
  switch (wish.type) {
    case 'approve':
      return [said('approved'), ...approved(state, task, now.gate, by)]
    case 'send-back':
      return [said('sent_back')]
    case 'reject':
      return [said('rejected'), ...rejected(state, task, now.gate, by, comment)]
    case 'answer':
      throw new Error(`bug: "${task.spec.id}" asks no question`)
  }
}

function approved(state: RunState, task: Task, gate: AtGate['gate'], by: string): EventBody[] {
  if (gate === 'review') return [{ type: 'task.ended', task: task.spec.id, status: 'complete' }]
  return gate === 'quota' ? askAgain(state, task, by === NOBODY ? NOBODY : `${by} asked for it`) : []
}

/** What was done and is not good is incomplete; what was not to be done is cancelled. */
function rejected(state: RunState, task: Task, gate: AtGate['gate'], by: string, comment: string | undefined): EventBody[] {
  const why = comment === undefined ? '' : `: ${comment}`
  if (gate === 'review') return endWithoutCompleting(state, [task], { status: 'incomplete', reason: `rejected by ${by}${why}` })
  return endAsWished(state, [{ task, ending: { status: 'cancelled', by }, reason: `rejected by ${by}${why}` }])
}

const DECIDE_YOURSELF = 'nobody answers: decide by yourself, and say what you have assumed'

/** What a question is told; undefined where approving it says nothing. */
function replyTo(question: Question, wish: Answering): Reply | undefined {
  const { comment } = wish
  switch (wish.type) {
    case 'answer': {
      const reply: Reply = { is: 'answered', answers: wish.answers }
      return answersQuestion(question, reply) ? reply : undefined
    }
    case 'approve':
      return question.kind === 'permission' ? { is: 'allowed' } : defaultReply(question)
    case 'reject':
      if (question.kind === 'permission') return { is: 'denied', ...(comment === undefined ? {} : { message: comment }) }
      return { is: 'unanswered', message: comment ?? DECIDE_YOURSELF }
    case 'send-back':
      return undefined
  }
}

/** What nobody has answered in time is answered as was settled beforehand. What cannot be approved goes on waiting. */
export function timedOut(state: RunState, task: Task, does: GateTimeout['does']): EventBody[] {
  const author: Author = { by: NOBODY }
  const { id } = task.spec
  switch (does) {
    case 'skip':
      return endAsWished(state, [{ task, ending: { status: 'skipped', by: NOBODY }, reason: `skipped: ${NOBODY}` }])
    case 'reject':
      return answered(state, task, { type: 'reject', task: id }, author)
    case 'approve':
      return task.state.status === 'held' && task.state.gate === 'budget' ? [] : answered(state, task, { type: 'approve', task: id }, author)
  }
}

const NOBODY = 'nobody answered in time'
