import { LONGEST_LABEL, LONGEST_TEXT, type Ask, type Question, type Reply } from '../core/question.ts'
import type { Redactor } from '../core/redact.ts'

/** A question as it is put to a person and recorded: without the secrets that a program may have put into it. */
export function withoutSecrets(question: Question, redactor: Redactor): Question {
  // The name of a secret may be longer than the secret.
  const text = (from: string) => redactor.text(from).slice(0, LONGEST_TEXT)
  if (question.kind === 'permission') return { ...question, rule: text(question.rule), input: text(question.input) }
  return { ...question, asks: question.asks.map((ask) => askWithout(ask, text)) }
}

function askWithout({ text: asked, options, default: stated, ...rest }: Ask, text: (from: string) => string): Ask {
  return {
    ...rest,
    text: text(asked),
    options: options.map(({ label, description }) => ({ label: text(label).slice(0, LONGEST_LABEL), ...(description === undefined ? {} : { description: text(description) }) })),
    ...(stated === undefined ? {} : { default: text(stated) }),
  }
}

/** A reply in the words of whoever asked: what was chosen is what stood there, secret and all. */
export function asMeant(reply: Reply, asked: Question, shown: Question): Reply {
  if (reply.is !== 'answered' || asked.kind !== 'question' || shown.kind !== 'question') return reply
  return { ...reply, answers: reply.answers.map((answer, index) => meant(answer, asked.asks[index], shown.asks[index])) }
}

function meant(answer: string, asked: Ask | undefined, shown: Ask | undefined): string {
  if (asked === undefined || shown === undefined) return answer
  const chosen = shown.options.findIndex(({ label }) => label === answer)
  return asked.options[chosen]?.label ?? (answer === shown.default ? (asked.default ?? answer) : answer)
}
