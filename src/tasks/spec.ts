import { fillParams } from '../core/prompt.ts'
import { TaskId, type TaskSpec, type Work } from '../core/task.ts'
import type { LocalNames } from './ids.ts'
import { taskKey, type TaskKey } from './keys.ts'
import { nearest } from '../text/nearest.ts'
import type { Place } from '../text/places.ts'
import { refuse, type Reading } from './reading.ts'
import type { Stated } from './stated.ts'
import { isRecord, type Tree } from './syntax/tree.ts'
import { unwrap } from './syntax/unwrap.ts'

/** A task as its file states it, with what its format adds where the file is silent. */
export type Draft = {
  id: string
  title: string
  stated: Stated
  /** Ids, or names that are short for ids in the same file. */
  depends_on: readonly string[]
  /** Where the task begins. */
  at: Place
  /** What `stated` was read from; the first that has a key tells where it stands. */
  trees: readonly Tree[]
}

/** Makes a task of a draft, or tells why it is none. */
export function specOf(draft: Draft, local: LocalNames, reading: Reading): TaskSpec | undefined {
  const { id, stated } = draft
  const params = paramsOf(draft, reading)
  const work = workOf(draft, params, reading)
  const depends_on = dependenciesOf(draft, local, reading)
  if (work?.kind === 'prompt') refuseUnknown(draft, reading)
  if (params === undefined || work === undefined || depends_on === undefined) return undefined
  const background = stated.prompt === undefined && stated.command === undefined ? [stated.context] : [stated.description, stated.context]
  const context = background.filter((text) => text !== undefined && text.trim() !== '').join('\n\n')
  return {
    id,
    title: draft.title,
    priority: stated.priority ?? 'medium',
    file: reading.file,
    line: draft.at.line,
    work,
    target_files: stated.target_files ?? [],
    ...(context === '' ? {} : { context: fillParams(context, params) }),
    success_criteria: stated.success_criteria ?? [],
    outputs: stated.outputs ?? [],
    checks: stated.checks ?? [],
    params,
    depends_on,
    on_failure: stated.on_failure ?? 'block',
    requires_approval: stated.requires_approval ?? false,
    ...passedOn(stated),
  }
}

/** Keys that a task has as its file states them. */
const PASSED_ON = [
  'type',
  'tier',
  'max_tier',
  'provider',
  'model',
  'workspace',
  'max_tokens',
  'temperature',
  'timeout_s',
  'first_token_timeout_s',
  'idle_timeout_s',
  'retries',
  'cwd',
  'max_cost_usd',
  'permission_mode',
  'max_turns',
  'tools',
  'cache',
  'inputs',
  'review',
  'gate_timeout_s',
  'on_timeout',
  'on_question',
  'max_questions',
  'permissions',
] as const

/** A key that is not stated is absent, as it is after a way through JSON. */
function passedOn(stated: Stated): Pick<Stated, (typeof PASSED_ON)[number]> {
  const passed: Pick<Stated, (typeof PASSED_ON)[number]> = {}
  for (const key of PASSED_ON) if (stated[key] !== undefined) Object.assign(passed, { [key]: stated[key] })
  return passed
}

function workOf(draft: Draft, params: Readonly<Record<string, string>> | undefined, reading: Reading): Work | undefined {
  const { id, stated } = draft
  const { command, prompt, system, provider, description } = stated
  if (command !== undefined && prompt !== undefined) {
    refuse(reading, placeOf(draft, 'command'), `task \`${id}\` has a prompt and a command; make two tasks of it`)
    return undefined
  }
  const text = prompt ?? description ?? ''
  const bytes = Buffer.byteLength(text)
  if (bytes > reading.options.max_prompt_bytes) {
    const most = `at most ${reading.options.max_prompt_bytes} are sent`
    const advice = 'shorten it, split the task, or raise `context.max_prompt_bytes` in config.json'
    refuse(
      reading,
      placeOf(draft, prompt === undefined ? 'description' : 'prompt'),
      `the prompt of task \`${id}\` has ${bytes} bytes, and ${most}; ${advice}`,
    )
    return undefined
  }
  if (command !== undefined) return { kind: 'command', command }
  if (text.trim() === '') {
    refuse(reading, draft.at, `task \`${id}\` has nothing to do; give it a prompt or a command`)
    return undefined
  }
  if (provider === 'command') return { kind: 'command', command: unwrap(text.trim()) }
  const filled = fillParams(text, params ?? {})
  return { kind: 'prompt', prompt: filled, ...(system === undefined ? {} : { system: fillParams(system, params ?? {}) }) }
}

/** The declared params with their values, and those of the command line, which win and need no declaration. */
function paramsOf(draft: Draft, reading: Reading): Record<string, string> | undefined {
  const declared = Object.entries(draft.stated.params ?? {})
  const given = reading.options.params
  const valued = declared.map(([name, value]) => [name, Object.hasOwn(given, name) ? given[name] : value] as const)
  const missing = valued.filter(([, value]) => value === null || value === undefined)
  for (const [name] of missing) {
    refuse(
      reading,
      placeOf(draft, 'params', name),
      `param \`${name}\` of task \`${draft.id}\` has no value; give it one with --param ${name}=…`,
    )
  }
  if (missing.length > 0) return undefined
  return { ...Object.fromEntries(valued.map(([name, value]) => [name, value ?? ''])), ...given }
}

function dependenciesOf(draft: Draft, local: LocalNames, reading: Reading): string[] | undefined {
  const ids = draft.depends_on.map((name) => local.resolve(name))
  const wrong = ids.find((name) => !TaskId.safeParse(name).success)
  if (wrong === undefined) return [...new Set(ids)]
  const advice = 'a task in this file can be named by its number, one in another file by its id'
  refuse(reading, placeOf(draft, 'depends_on'), `task \`${draft.id}\` depends on \`${wrong}\`, which is not the name of a task; ${advice}`)
  return undefined
}

/** Tells which names of tiers and providers lead nowhere. A task that names its provider goes to no tier. */
function refuseUnknown(draft: Draft, reading: Reading): void {
  const { known } = reading.options
  if (known === undefined) return
  const { tiers, providers } = known
  const keys: ('provider' | 'tier' | 'max_tier')[] = draft.stated.provider === undefined ? ['tier', 'max_tier'] : ['provider']
  for (const key of keys) {
    const name = draft.stated[key]
    const [what, names] = key === 'provider' ? ['provider', providers] : ['tier', tiers]
    if (name === undefined || names.includes(name)) continue
    const near = nearest(name, names)
    const all = names.length === 0 ? `there are no ${what}s in it` : `known ${what}s: ${names.join(', ')}`
    const advice = near === undefined ? all : `did you mean "${near}"?`
    refuse(reading, placeOf(draft, key), `\`${key}\`: the ${what} "${name}" is not in the configuration; ${advice}`)
  }
}

/** Where a key of the task stands, however it is spelled; where the task begins when it is not stated. */
function placeOf({ trees, at }: Draft, key: TaskKey, ...rest: string[]): Place {
  for (const { value, place } of trees) {
    const name = Object.keys(isRecord(value) ? value : {}).find((written) => taskKey(written) === key)
    if (name !== undefined) return place([name, ...rest])
  }
  return at
}
