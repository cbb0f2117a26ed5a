import type { Offer } from './commands-of.ts'

/** A word in single quotes, as bash and zsh read it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** What is offered, as one word of a script: `tasks`, `choices:low,high`. */
export function offerWord(offer: Offer): string {
  return typeof offer === 'string' ? offer : `choices:${offer.choices.join(',')}`
}
