import * as z from 'zod'
import type { Check } from './check.ts'

const Phrase = z.string().min(1)

/** The answer holds a text, letter by letter; of a list, each one. */
export const contains: Check<string | string[]> = {
  rule: 'contains',
  value: z.union([Phrase, z.array(Phrase).min(1)]).describe('a text that the answer must contain, or a list of such texts'),
  run: (value, { text }) =>
    [value].flat().map((phrase) => {
      const passed = text.includes(phrase)
      const found = passed ? 'it is there' : missing(text, phrase)
      return { rule: 'contains', expected: `contains ${JSON.stringify(phrase)}`, found, passed }
    }),
}

function missing(text: string, phrase: string): string {
  return text.toLowerCase().includes(phrase.toLowerCase()) ? 'it is there, but with other capital letters' : 'it is not there'
}
