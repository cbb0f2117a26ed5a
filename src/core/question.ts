import * as z from 'zod'

/*
 * What a program that carries out an attempt may ask a person while it works, and what it is told.
 */

/** Characters; what is longer was not made for a person. */
export const LONGEST_TEXT = 4000
export const LONGEST_LABEL = 200
const MOST_ASKS = 8
const MOST_OPTIONS = 20

/**
 * A model that asks by a tool is called again with what it was told: so often at most, and with so many questions at once.
 * What its attempt may cost rests on it.
 */
export const MOST_ROUNDS = 4
export const MOST_CALLS = 4
/** Bytes of one answer (UTF-8), the words around it included. */
export const LONGEST_ANSWER_BYTES = 3 * LONGEST_TEXT + 200

/** One thing to be told: one of the options, or words of the person's own. */
export const Ask = z.object({
  text: z.string().min(1).max(LONGEST_TEXT),
  options: z.array(z.object({ label: z.string().min(1).max(LONGEST_LABEL), description: z.string().max(LONGEST_TEXT).optional() })).max(MOST_OPTIONS),
  /** Several of the options may be meant. */
  multiple: z.boolean().optional(),
  /** What holds where nobody answers. */
  default: z.string().max(LONGEST_TEXT).optional(),
})
export type Ask = z.infer<typeof Ask>

export const Question = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('question'), asks: z.array(Ask).min(1).max(MOST_ASKS) }),
  /** May it use a tool? `rule` is what would allow exactly this, as it stands under `permissions.allow`: `Bash(npm test)`. */
  z.object({ kind: z.literal('permission'), tool: z.string().min(1).max(200), rule: z.string().max(LONGEST_TEXT), input: z.string().max(LONGEST_TEXT) }),
])
export type Question = z.infer<typeof Question>

/** What whoever asked is told. */
export const Reply = z.discriminatedUnion('is', [
  /** One answer for each of the asks, in their order: an option's label, several with ", " between them, or other words. */
  z.object({ is: z.literal('answered'), answers: z.array(z.string().max(LONGEST_TEXT)).min(1).max(MOST_ASKS) }),
  z.object({ is: z.literal('allowed') }),
  z.object({ is: z.literal('denied'), message: z.string().max(LONGEST_TEXT).optional() }),
  /** Nobody answers: it has to decide by itself. */
  z.object({ is: z.literal('unanswered'), message: z.string().max(LONGEST_TEXT) }),
])
export type Reply = z.infer<typeof Reply>

/** What an attempt that waits is told: a reply, or that it is to end, because nobody is there to answer. */
export type Telling = Reply | 'fail'

/** Whether a reply is one to this question. */
export function answersQuestion(question: Question, reply: Reply): boolean {
  switch (reply.is) {
    case 'answered':
      return question.kind === 'question' && question.asks.length === reply.answers.length
    case 'allowed':
      return question.kind === 'permission'
    case 'denied':
    case 'unanswered':
      return true
  }
}

/** The same question asked twice has the same key. */
export function questionKey(question: Question): string {
  return JSON.stringify(question.kind === 'permission' ? [question.tool, question.rule, question.input] : question.asks.map(({ text, options }) => [text, options.map(({ label }) => label)]))
}

/** What holds where nobody answers: each ask's default, else its first option; undefined where there is none. */
export function defaultReply(question: Question): Reply | undefined {
  if (question.kind === 'permission') return undefined
  const answers = question.asks.flatMap(({ default: stated, options }) => stated ?? options[0]?.label ?? [])
  return answers.length === question.asks.length ? { is: 'answered', answers } : undefined
}
