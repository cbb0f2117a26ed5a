import type * as z from 'zod'
import type { CheckSpec } from '../core/task.ts'
import { readChecks } from './check-specs.ts'
import { KNOWN_NAMES, snakeCase, taskKey, TaskKeys, type TaskKey } from './keys.ts'
import { nearest } from '../text/nearest.ts'
import { refuse, warn, type Reading } from './reading.ts'
import { isRecord, shown, subtree, type Tree } from './syntax/tree.ts'

const CHECKS = ['checks', 'completion_criteria'] as const
const SomeKeys = TaskKeys.omit({ checks: true, completion_criteria: true }).partial()

/** What a map says about a task, by key: values in the house's shapes, and only what was stated. */
export type Stated = z.output<typeof SomeKeys> & { checks?: CheckSpec[] }

/**
 * Reads the keys of a map. What is wrong or unknown is told to the reading, at the key's place.
 * @param others further names that have a meaning where this map stands; they are left to the caller
 */
export function readKeys(tree: Tree, reading: Reading, others: readonly string[] = []): Stated {
  const names = new Map<TaskKey, string>()
  for (const name of Object.keys(isRecord(tree.value) ? tree.value : {})) {
    const key = taskKey(name)
    if (key === undefined) warnOfUnknown(name, tree, reading, others)
    else if (names.has(key)) refuse(reading, tree.place([name]), `\`${key}\` is stated twice, in two spellings; keep one of them`)
    else names.set(key, name)
  }
  const stated = readValues(names, tree, reading)
  const checks = CHECKS.flatMap((key) => {
    const name = names.get(key)
    return name === undefined ? [] : readChecks(name, subtree(tree, [name]), reading)
  })
  return checks.length === 0 ? stated : { ...stated, checks }
}

function readValues(names: ReadonlyMap<TaskKey, string>, tree: Tree, reading: Reading): z.output<typeof SomeKeys> {
  const values = new Map<string, unknown>()
  for (const [key, name] of names) {
    const { value } = subtree(tree, [name])
    // A key with nothing after it states nothing.
    if (value !== null && value !== undefined) values.set(key, value)
  }
  const parsed = SomeKeys.safeParse(Object.fromEntries(values))
  if (parsed.success) return parsed.data
  for (const [key, name] of names) {
    const issues = parsed.error.issues.filter(({ path }) => path[0] === key)
    if (issues.length === 0) continue
    for (const issue of issues) refuseValue(name, values.get(key), issue, tree, reading, TaskKeys.shape[key].description)
    values.delete(key)
  }
  return SomeKeys.parse(Object.fromEntries(values))
}

/** Of a list whose shape is right, the entry that is wrong is told. */
function refuseValue(name: string, value: unknown, issue: z.core.$ZodIssue, tree: Tree, reading: Reading, expected = ''): void {
  const inside = issue.path.slice(1).map((step) => (typeof step === 'symbol' ? String(step) : step))
  const isEntry = issue.code === 'custom' && inside.length > 0
  const message = isEntry ? `\`${name}\`: ${issue.message}` : `\`${name}\` has to be ${expected}, and is ${shown(value)}`
  refuse(reading, tree.place(isEntry ? [name, ...inside] : [name]), message)
}

function warnOfUnknown(name: string, tree: Tree, reading: Reading, others: readonly string[]): void {
  if (others.includes(snakeCase(name))) return
  const near = nearest(snakeCase(name), [...KNOWN_NAMES, ...others])
  const advice = near === undefined ? '' : `; did you mean \`${near}\`?`
  warn(reading, tree.place([name]), `\`${name}\` is not a key that Tutti knows, and is left out${advice}`)
}

/** Adds text that stands under no key: it is told before the description. */
export function withText(stated: Stated, text: string): Stated {
  const parts = [text, stated.description ?? ''].filter((part) => part.trim() !== '')
  return parts.length === 0 ? stated : { ...stated, description: parts.join('\n\n') }
}

/** What a task states, over what its file states for all of its tasks. */
export function withDefaults(own: Stated, defaults: Stated): Stated {
  return { ...defaults, ...own, id: own.id, title: own.title, params: { ...defaults.params, ...own.params } }
}

/** The status that a file states for itself. */
export function statusIn({ value }: Tree): string | undefined {
  const [, status] = Object.entries(isRecord(value) ? value : {}).find(([name]) => taskKey(name) === 'status') ?? []
  return typeof status === 'string' ? status.trim() : undefined
}
