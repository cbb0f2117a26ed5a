import * as z from 'zod'

/*
 * Values as people write them. A label's value is always text, and YAML reads `5` as a number and `yes`
 * as text: each schema takes every spelling of what it means.
 */

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String)

/** Text as it stands. */
export const verbatim = scalar

/** A word or a phrase, without white space around it. */
export const phrase = scalar.transform((text) => text.trim()).pipe(z.string().min(1))

export const number = z.union([
  z.number(),
  z
    .string()
    .trim()
    .regex(/^-?\d{1,15}(\.\d{1,15})?$/)
    .transform(Number),
])

const SAID: Readonly<Record<string, boolean>> = { true: true, yes: true, y: true, on: true, false: false, no: false, n: false, off: false }

export const yesOrNo = z.union([
  z.boolean(),
  z.string().transform((text, context) => {
    const said = SAID[text.trim().toLowerCase()]
    if (said === undefined) context.addIssue('neither yes nor no')
    return said ?? false
  }),
])

/** One of the words, in any case. */
export function oneOf<const Word extends string>(...words: readonly [Word, ...Word[]]) {
  return z
    .string()
    .transform((text) => text.trim().toLowerCase())
    .pipe(z.enum(words))
}

/** Names: a list, a bullet list, or text with commas between them. */
export const names = z.union([
  z.array(phrase),
  scalar.transform((text) =>
    (bullets(text) ?? text.split(/[,\n]/)).map(bare).filter((name) => name !== '' && name.toLowerCase() !== 'none'),
  ),
])

/** Sentences: a list, a bullet list, or one text. */
export const sentences = z.union([
  z.array(phrase),
  scalar.transform((text) => bullets(text) ?? [text.trim()].filter((line) => line !== '')),
])

/** A name without the back quotes that Markdown likes around it. */
function bare(name: string): string {
  return name
    .trim()
    .replace(/^`([^`]+)`$/, '$1')
    .trim()
}

const BULLET = /^[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)/
const BOX = /^\[[ xX]\](?:[ \t]+|$)/

/** The items of a Markdown list, boxes left out; nothing where the text does not begin with one. */
function bullets(text: string): string[] | undefined {
  const items: string[] = []
  for (const line of text.split('\n')) {
    const marker = BULLET.exec(line)?.[0]
    if (marker !== undefined) items.push(line.slice(marker.length).replace(BOX, '').trim())
    else if (line.trim() !== '') {
      const before = items.pop()
      if (before === undefined) return undefined
      items.push(`${before} ${line.trim()}`)
    }
  }
  return items.length === 0 ? undefined : items.filter((item) => item !== '')
}
