import { runInNewContext } from 'node:vm'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { errorMessage } from '../core/error.ts'

/** A JSON Schema as it was written. */
export type Schema = Readonly<Record<string, unknown>>
/** A place in the JSON as a JSON Pointer (RFC 6901), and what must be true of the value there. */
export type Violation = { pointer: string; must: string }
export type Validation =
  | { result: 'validated'; violations: Violation[] }
  | { result: 'invalid-schema'; message: string }
  | { result: 'too-slow' }

const TIMED_OUT = 'ERR_SCRIPT_EXECUTION_TIMEOUT'

/** Holds JSON against a schema of draft 7, or of draft 2020-12 where its `$schema` says so. Formats are not looked at. */
export function validateJson(schema: Schema, json: unknown, limit_ms: number): Validation {
  const { $schema } = schema
  const Validator = typeof $schema === 'string' && $schema.includes('2020-12') ? Ajv2020 : Ajv
  let validate: ValidateFunction
  try {
    validate = new Validator({ strict: false, validateFormats: false, allErrors: true, logger: false }).compile(schema)
  } catch (error) {
    return { result: 'invalid-schema', message: errorMessage(error) }
  }
  let verdict: unknown
  try {
    const judge = () => {
      verdict = validate(json)
    }
    if (!finishes(judge, limit_ms)) return { result: 'too-slow' }
  } catch (error) {
    // A schema that refers to itself has no end.
    return { result: 'invalid-schema', message: errorMessage(error) }
  }
  if (verdict instanceof Promise) {
    verdict.catch(() => {})
    return { result: 'invalid-schema', message: '"$async" is for programs; take it away' }
  }
  const errors = validate.errors ?? []
  return { result: 'validated', violations: errors.map((error) => ({ pointer: error.instancePath, must: inWords(error) })) }
}

/** Whether `work` came to an end in time. A `pattern` in a schema can run for ever; here the machine ends it. */
function finishes(work: () => unknown, limit_ms: number): boolean {
  try {
    runInNewContext('work()', { work }, { timeout: limit_ms })
    return true
  } catch (error) {
    // It comes from the other context, where `Error` is another one.
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === TIMED_OUT) return false
    throw error
  }
}

function inWords({ keyword, message = keyword, params }: ErrorObject): string {
  switch (keyword) {
    case 'additionalProperties':
      return `must not have the property ${JSON.stringify(params['additionalProperty'])}`
    case 'enum':
      return `must be one of ${JSON.stringify(params['allowedValues'])}`
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`
    default:
      return message
  }
}
