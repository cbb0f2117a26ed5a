import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type * as z from 'zod'
import { errorCode } from '../core/error.ts'
import type { Problem } from '../core/problem.ts'
import { plainSecrets } from './env-references.ts'
import type { Issue } from './explain.ts'

const CONFIG_FILE = 'config.json'

/** For what is read once: to make a program of the schema first, as zod does, takes longer than to walk through it. */
export const ONCE = { jitless: true }

export type Loaded<Config> = { result: 'config'; config: Config; found: boolean } | { result: 'broken'; problems: Problem[] }

/**
 * Reads `config.json`, or gives the defaults where there is none.
 * @param dir the workspace, absolute
 * @param instead what it would say; else what it says
 */
export async function loadConfig<Schema extends z.ZodType>(dir: string, schema: Schema, instead?: string): Promise<Loaded<z.output<Schema>>> {
  const text = instead ?? (await readIfThere(join(dir, CONFIG_FILE)))
  if (text === undefined) return { result: 'config', config: schema.parse({}, ONCE), found: false }

  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { result: 'broken', problems: [await syntaxProblem(text)] }
  }
  const parsed = schema.safeParse(value, ONCE)
  const issues = parsed.success ? [] : (await import('./explain.ts')).explainIssues(schema, value, parsed.error.issues)
  const plain = plainSecrets(value).map((path) => ({
    path,
    message: 'a secret does not stand here in plain text; put it into the environment or .env and write "${NAME}"',
  }))
  if (parsed.success && plain.length === 0) return { result: 'config', config: parsed.data, found: true }
  return { result: 'broken', problems: await locate(text, [...issues, ...plain]) }
}

/** The workspace's `.env`, under the process's own environment, which wins. */
export async function loadEnvironment(dir: string, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const text = await readIfThere(join(dir, '.env'))
  return text === undefined ? env : { ...parseEnv(text), ...env }
}

/** A file's text; undefined where there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Where things stand is found out only when there is something to tell. */
async function placesOf(text: string) {
  const [{ readJsonText }, { placesIn }] = await Promise.all([import('../text/json.ts'), import('../text/places.ts')])
  return { json: readJsonText(text), placeAt: placesIn(text) }
}

async function syntaxProblem(text: string): Promise<Problem> {
  const { json, placeAt } = await placesOf(text)
  if (json.result === 'json') throw new Error('bug: JSON that cannot be read is read')
  return { file: CONFIG_FILE, ...placeAt(json.offset), message: `this is not valid JSON: ${json.message}` }
}

async function locate(text: string, issues: readonly Issue[]): Promise<Problem[]> {
  const { json, placeAt } = await placesOf(text)
  return issues.map(({ path, message }) => {
    const key = path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`)).join('')
    const place = json.result === 'json' ? placeAt(json.offsetOf(path)) : {}
    return { file: CONFIG_FILE, ...place, message: key === '' ? message : `${key}: ${message}` }
  })
}
