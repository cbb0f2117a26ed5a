import type * as z from 'zod'
import { nearest } from '../text/nearest.ts'
import { keysAt, valueAt } from './keys-at.ts'

/** One thing that is wrong with a configuration, by the path of its key. */
export type Issue = { path: (string | number)[]; message: string }

const TYPES: Readonly<Record<string, string>> = { string: 'a text', number: 'a number', boolean: 'true or false', object: 'a map', record: 'a map', array: 'a list', int: 'a whole number' }

/** Where so few keys may stand, they are named. */
const FEW_KEYS = 6

/**
 * What a schema has found wrong, in words for whoever wrote the file.
 * @param value the configuration as it was written
 */
export function explainIssues(schema: z.ZodType, value: unknown, issues: readonly z.core.$ZodIssue[]): Issue[] {
  return issues.flatMap((issue) => explain(issue, schema, value))
}

function explain(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown): Issue[] {
  // JSON has no symbols for keys, whatever the type says.
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  const found = valueAt(value, path)
  const wrong = (expected: string): Issue[] => [{ path, message: found === undefined ? `is missing; it has to be ${expected}` : `has to be ${expected}, and is ${shown(found, expected)}` }]
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt(schema, value, path)
      return issue.keys.map((key) => ({ path: [...path, key], message: `this key is not known here${advice(key, known)}` }))
    }
    case 'invalid_type':
      return wrong(TYPES[issue.expected] ?? issue.expected)
    case 'invalid_value':
      return wrong(oneOf(issue.values.map(String), found))
    case 'invalid_union':
      return issue.discriminator === 'type' ? wrong(oneOf(typesIn(issue.message), found)) : [{ path, message: issue.message }]
    case 'too_small':
      return [{ path, message: `has to be ${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}` }]
    case 'too_big':
      return [{ path, message: `has to be at most ${issue.maximum}${unitOf(issue.origin)}` }]
    case 'custom':
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
      return [{ path, message: issue.message }]
  }
}

function unitOf(origin: string): string {
  return origin === 'string' ? ' characters long' : origin === 'array' ? ' items long' : ''
}

function advice(key: string, known: readonly string[]): string {
  const near = nearest(key, known)
  const isFew = known.length > 0 && known.length <= FEW_KEYS
  const all = known.length === 1 ? `the only key here is ${known.join('')}` : `the keys here are ${known.join(', ')}`
  if (near === undefined) return `; ${isFew ? all : 'config.schema.json lists those that are'}`
  return `; did you mean "${near}"?${isFew && known.length > 1 ? ` (${all})` : ''}`
}

function oneOf(words: readonly string[], found: unknown): string {
  const near = typeof found === 'string' ? nearest(found, words) : undefined
  return `one of ${words.join(', ')}${near === undefined ? '' : ` (did you mean "${near}"?)`}`
}

/**
 * A value as a message quotes it. A text is quoted only where something else than a text is asked for: a secret that
 * slipped into the wrong place is not repeated.
 */
function shown(value: unknown, expected: string): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return QUOTED.test(expected) && typeof value === 'string' && value.length <= LONGEST_QUOTE ? JSON.stringify(value) : 'a text'
}

const QUOTED = /^(?:a number|a whole number|true or false|one of )/
const LONGEST_QUOTE = 30

/** The union says which values it takes in quotes. */
function typesIn(message: string): string[] {
  return [...message.matchAll(/'([^']+)'/g)].flatMap(([, name]) => name ?? [])
}
