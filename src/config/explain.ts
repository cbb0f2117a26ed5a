import { z } from 'zod'
import { nearest } from '../text/nearest.ts'

/** One thing that is wrong with a configuration, by the path of its key. */
export type Issue = { path: (string | number)[]; message: string }

const TYPES: Readonly<Record<string, string>> = { string: 'a text', number: 'a number', boolean: 'true or false', object: 'a map', record: 'a map', array: 'a list', int: 'a whole number' }

/** What a schema has found wrong, in words for whoever wrote the file. */
export function explainIssues(schema: z.ZodType, issues: readonly z.core.$ZodIssue[]): Issue[] {
  const known = keysOf(z.toJSONSchema(schema, { io: 'input' }))
  return issues.flatMap((issue) => explain(issue, known))
}

function explain(issue: z.core.$ZodIssue, known: readonly string[]): Issue[] {
  // JSON has no symbols for keys, whatever the type says.
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], message: `this key is not known here${advice(nearest(key, known.filter((name) => name !== key)))}` }))
    case 'invalid_type':
      return [{ path, message: `has to be ${TYPES[issue.expected] ?? issue.expected}` }]
    case 'invalid_value':
      return [{ path, message: `has to be one of: ${issue.values.map(String).join(', ')}` }]
    case 'invalid_union': {
      const isType = issue.discriminator === 'type'
      return [{ path, message: isType ? `has to be one of: ${typesIn(issue.message)}` : issue.message }]
    }
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

function advice(name: string | undefined): string {
  return name === undefined ? '; config.schema.json lists those that are' : `; did you mean "${name}"?`
}

/** The union says which values it takes in quotes. */
function typesIn(message: string): string {
  return [...message.matchAll(/'([^']+)'/g)].map(([, name]) => name).join(', ')
}

/** Every key that stands anywhere in a JSON Schema. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'properties' && typeof value === 'object' && value !== null ? [...Object.keys(value), ...Object.values(value).flatMap(keysOf)] : keysOf(value),
  )
}
