import * as z from 'zod'
import type { Check } from './check.ts'

const Characters = z.number().int().nonnegative()

/** The answer has at least so many characters. White space around it does not count. */
export const minLength: Check<number> = {
  rule: 'min_length',
  value: Characters.describe('how many characters the answer must have at least'),
  run: (min, { text }) => row('min_length', `at least ${inWords(min)}`, text, (length) => length >= min),
}

/** The answer has at most so many characters. White space around it does not count. */
export const maxLength: Check<number> = {
  rule: 'max_length',
  value: Characters.describe('how many characters the answer may have at most'),
  run: (max, { text }) => row('max_length', `at most ${inWords(max)}`, text, (length) => length <= max),
}

function row(rule: string, expected: string, text: string, holds: (length: number) => boolean) {
  const length = countCharacters(text.trim())
  return [{ rule, expected, found: inWords(length), passed: holds(length) }]
}

function inWords(length: number): string {
  return length === 1 ? '1 character' : `${length} characters`
}

/** Code points: an emoji is one character, not two. */
function countCharacters(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
