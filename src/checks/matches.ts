import * as z from 'zod'
import { errorMessage } from '../core/error.ts'
import { searchInWorker, type Search } from './search-in-worker.ts'
import type { Check } from './check.ts'

const LIMIT_MS = 1000

const Pattern = z.string().min(1)
const Value = z.union([Pattern, z.strictObject({ pattern: Pattern, flags: z.string().optional() })])
type Value = z.infer<typeof Value>

/** A regular expression finds something in the answer. */
export const matches: Check<Value> = {
  rule: 'matches',
  value: Value.superRefine((value, context) => {
    const problem = whyInvalid(parts(value))
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
  }).describe('a regular expression (JavaScript) that must match somewhere in the answer, or {pattern, flags}'),
  run: async (value, { text, signal }) => {
    const { pattern, flags } = parts(value)
    const search = await searchInWorker({ pattern, flags, text }, { limit_ms: LIMIT_MS, signal })
    const withFlags = flags === '' ? '' : ` (flags ${flags})`
    const expected = `text that matches the regular expression ${JSON.stringify(pattern)}${withFlags}`
    return [{ rule: 'matches', expected, found: inWords(search), passed: search === 'found' }]
  },
}

function parts(value: Value): { pattern: string; flags: string } {
  return typeof value === 'string' ? { pattern: value, flags: '' } : { pattern: value.pattern, flags: value.flags ?? '' }
}

function inWords(search: Search): string {
  switch (search) {
    case 'found':
      return 'a match'
    case 'not-found':
      return 'no match'
    case 'too-slow':
      return `no result: the expression took longer than ${LIMIT_MS / 1000} s on this answer; a simpler one is needed`
    case 'aborted':
      return 'no result: the check was interrupted'
  }
}

function whyInvalid({ pattern, flags }: { pattern: string; flags: string }): string | undefined {
  try {
    RegExp(pattern, flags)
    return undefined
  } catch (error) {
    return errorMessage(error)
  }
}
