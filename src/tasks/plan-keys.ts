import * as z from 'zod'
import { snakeCase } from './keys.ts'
import { refuse, warn, type Reading } from './reading.ts'
import { readKeys, withDefaults, type Stated } from './stated.ts'
import { isRecord, shown, subtree, type Tree } from './syntax/tree.ts'
import { number, phrase } from './values.ts'

/** Keys of a YAML or JSON file as a whole. All others there are defaults for its tasks. */
const PlanKeys = z.object({
  project: phrase.describe('the name of a project'),
  concurrency: number.pipe(z.number().int().positive()).describe('a whole number above 0'),
  output_dir: phrase.describe('a folder'),
  defaults: z.record(z.string(), z.unknown()).describe('a map of keys that hold for every task'),
  tasks: z.array(z.unknown()).min(1).describe('a list of tasks, with one at least'),
})
type PlanKey = keyof typeof PlanKeys.shape

const PLAN_KEYS: readonly string[] = Object.keys(PlanKeys.shape)

/** What to do instead of a key that is not acted on. */
const INSTEAD: Partial<Record<PlanKey, string>> = {
  concurrency: 'how many tasks run at once belongs to the run: use --concurrency',
  output_dir: 'what a task produces is filed under runs/<run>/outputs/<task>/',
}

export type PlanStated = {
  project: string | undefined
  /** The number of tasks in the list, and the name that the list has in the file; nothing where there is no list. */
  list: { name: string; length: number } | undefined
  /** What holds for every task, or for the only one. */
  top: Stated
}

/** Reads the keys of the file as a whole; what is wrong with them is told to the reading. */
export function readPlanKeys(tree: Tree, reading: Reading): PlanStated {
  const found: Partial<Record<PlanKey, { name: string; value: unknown }>> = {}
  for (const [name, value] of Object.entries(isRecord(tree.value) ? tree.value : {})) {
    const key = planKey(name)
    if (key === undefined || value === null) continue
    found[key] = { name, value: readValue(key, name, value, tree, reading) }
  }
  const top = readKeys(tree, reading, PLAN_KEYS)
  const { project, defaults, tasks } = found
  if (typeof project?.value === 'string') reading.project = project.value
  return {
    project: reading.project,
    list: tasks === undefined ? undefined : { name: tasks.name, length: Array.isArray(tasks.value) ? tasks.value.length : 0 },
    top: defaults === undefined ? top : withDefaults(top, readKeys(subtree(tree, [defaults.name]), reading)),
  }
}

function readValue(key: PlanKey, name: string, value: unknown, tree: Tree, reading: Reading): unknown {
  const instead = INSTEAD[key]
  if (instead !== undefined) warn(reading, tree.place([name]), `\`${name}\` is not acted on: ${instead}`)
  const schema: z.ZodType = PlanKeys.shape[key]
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  refuse(reading, tree.place([name]), `\`${name}\` has to be ${schema.description}, and is ${shown(value)}`)
  return undefined
}

/** The key of a plan that a name means; nothing where it means none. */
export function planKey(name: string): PlanKey | undefined {
  const spelled = snakeCase(name)
  return isPlanKey(spelled) ? spelled : undefined
}

function isPlanKey(name: string): name is PlanKey {
  return Object.hasOwn(PlanKeys.shape, name)
}
