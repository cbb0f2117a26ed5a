import * as z from 'zod'
import { Ask, type Question, type Reply } from '../core/question.ts'
import { oneLine } from '../core/sanitize.ts'

const MAX_PROBLEM = 300

/** One question in the words of a program or a model; keys that we do not know are nothing to fail for. */
const AskUser = z.object({
  question: Ask.shape.text,
  options: z.array(Ask.shape.options.element.shape.label).max(20).default([]),
  default: Ask.shape.default,
})

/** What somebody said that they want to know, as a question; or what is wrong with it, for whoever said it. */
export function questionFrom(said: unknown): { question: Question } | { problem: string } {
  const parsed = AskUser.safeParse(said)
  if (!parsed.success) return { problem: problemOf(parsed.error) }
  const { question: text, options, default: stated } = parsed.data
  const ask: Ask = { text, options: options.map((label) => ({ label })), ...(stated === undefined ? {} : { default: stated }) }
  return { question: { kind: 'question', asks: [ask] } }
}

export function problemOf({ issues }: z.ZodError): string {
  return oneLine(issues.map(({ path, message }) => (path.length === 0 ? message : `"${path.join('.')}": ${message}`)).join('; '), MAX_PROBLEM)
}

/** The answer to an only question; undefined where nobody has given one. */
export function answerIn(reply: Reply): string | undefined {
  return reply.is === 'answered' ? reply.answers[0] : undefined
}
