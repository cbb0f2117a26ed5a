import type { EventBody } from './events.ts'
import { mostQuestions, timeoutOf } from './gate-policy.ts'
import type { Report } from './intents.ts'
import { defaultReply, questionKey, type Question, type Reply } from './question.ts'
import { shownHash } from './shown.ts'
import { settingsOf, taskOf, type RunState } from './state.ts'
import { lastAttempt, type Task } from './task-state.ts'

/**
 * What follows from a question of a running attempt: it is told at once where that is settled already, else a gate is
 * opened. A run that stays when it is held is attended; in another one the task says what a question comes to.
 */
export function asked(state: RunState, { task: id, attempt, question }: Extract<Report, { type: 'asked' }>): EventBody[] {
  const task = taskOf(state, id)
  if (task.state.status !== 'running' || task.state.attempt !== attempt || task.ending !== undefined) return []
  const settled = settledFor(state, task, question)
  if (settled !== undefined) return [{ type: 'question.settled', task: id, attempt, question, ...settled }]
  const timeout = timeoutOf(state, task.spec)
  return [{ type: 'gate.opened', task: id, gate: 'question', attempt, question, shown: shownHash({ gate: 'question', question }), ...(timeout === undefined ? {} : { timeout }) }]
}

type Settled = { reply: Reply; how: 'again' | 'default' | 'fail' | 'limit' }

function settledFor(state: RunState, task: Task, question: Question): Settled | undefined {
  const before = task.replies.find((known) => questionKey(known.question) === questionKey(question))
  if (before !== undefined) return { reply: before.reply, how: 'again' }
  if ((lastAttempt(task)?.asked ?? 0) >= mostQuestions(state, task.spec)) return { reply: { is: 'unanswered', message: NO_MORE }, how: 'limit' }
  const { when_held, gates } = settingsOf(state)
  if (when_held === 'stay') return undefined
  switch (task.spec.on_question ?? gates.on_question) {
    case 'hold':
      return undefined
    case 'default':
      return { reply: defaultReply(question) ?? { is: 'unanswered', message: NOBODY_THERE }, how: 'default' }
    case 'fail':
      return { reply: { is: 'unanswered', message: NOBODY_THERE }, how: 'fail' }
  }
}

const NO_MORE = 'you have asked as often as you may: decide by yourself, and say what you have assumed'
const NOBODY_THERE = 'nobody is there to answer: decide by yourself, and say what you have assumed'
