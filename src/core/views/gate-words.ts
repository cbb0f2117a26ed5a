import type { LimitName } from '../budget.ts'
import type { Question, Reply } from '../question.ts'
import { oneLine } from '../sanitize.ts'
import type { Gate, HeldState } from '../task-state.ts'

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
export const NEEDED: Record<Exclude<Gate, 'paused'>, string> = { approval: 'your approval of', review: 'your review of', question: 'your answer to', budget: 'money for' }
