import * as z from 'zod'
import { errorMessage } from '../core/error.ts'
import { scanFences } from '../core/fences.ts'
import type { CheckRow } from '../core/outcome.ts'
import { oneLine } from '../core/sanitize.ts'
import type { Check } from './check.ts'
import type { Schema, Violation } from './json-validator.ts'

const MAX_ROWS = 10
const MAX_EXPECTED = 400
const MAX_FOUND = 200
const LIMIT_MS = 1000
const FITS = 'JSON that fits the schema'

/** The answer is JSON that fits a JSON Schema. */
export const jsonSchema: Check<Schema> = {
  rule: 'json_schema',
  value: z.record(z.string(), z.json()).describe('a JSON Schema that the answer, or its first fenced json block, must fit'),
  run: async (schema, { text }) => {
    const answer = jsonIn(text)
    if ('problem' in answer) return [row('JSON, as the whole answer or in a fenced json block', answer.problem)]

    // Reading a task file needs this room's schemas, but not the validator.
    const { validateJson } = await import('./json-validator.ts')
    const validation = validateJson(schema, answer.json, LIMIT_MS)
    switch (validation.result) {
      case 'invalid-schema':
        return [row(FITS, `the schema itself is not valid: ${validation.message}`)]
      case 'too-slow':
        return [row(FITS, `no result: the schema took longer than ${LIMIT_MS / 1000} s on this answer`)]
      case 'validated':
        return validation.violations.length === 0 ? [row(FITS, 'it fits', true)] : violated(validation.violations, answer.json)
    }
  },
}

function row(expected: string, found: string, passed = false): CheckRow {
  return { rule: 'json_schema', expected: oneLine(expected, MAX_EXPECTED), found: oneLine(found, MAX_FOUND), passed }
}

/** A row for each place. */
function violated(violations: readonly Violation[], json: unknown): CheckRow[] {
  const places = new Map<string, string[]>()
  for (const { pointer, must } of violations) places.set(pointer, [...(places.get(pointer) ?? []), must])
  return [...places].slice(0, MAX_ROWS).map(([pointer, musts]) => {
    const place = pointer === '' ? 'JSON that' : `JSON whose value at ${JSON.stringify(pointer)}`
    return row(`${place} ${musts.join('; ')}`, valueAt(json, pointer))
  })
}

type Json = { json: unknown } | { problem: string }

function jsonIn(text: string): Json {
  const whole = parseJson(text)
  if ('json' in whole) return whole
  const block = scanFences(text).find(({ info, closed }) => closed && /^json\b/i.test(info))
  if (block !== undefined) return parseJson(block.content)
  return /^\s*[[{"]/.test(text) ? whole : { problem: 'an answer without JSON' }
}

function parseJson(text: string): Json {
  try {
    return { json: JSON.parse(text) }
  } catch (error) {
    return { problem: errorMessage(error) }
  }
}

/** The value that a JSON Pointer leads to, as JSON. */
function valueAt(json: unknown, pointer: string): string {
  const steps = pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  const value = steps.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null && Object.hasOwn(at, step) ? Reflect.get(at, step) : undefined),
    json,
  )
  return JSON.stringify(value) ?? 'nothing'
}
