import * as z from 'zod'
import type { CheckSpec } from '../core/task.ts'
import { snakeCase } from './keys.ts'
import { nearest } from '../text/nearest.ts'
import { refuse, type Reading } from './reading.ts'
import { isRecord, shown, subtree, type Path, type Tree } from './syntax/tree.ts'

const SHAPE = 'has to be a map of checks (`contains: text`), or a list of them (`- contains: text`)'

const PlainData = z.json()

/** Reads `checks:` or `completion_criteria:`, each rule held against the schema of its check. */
export function readChecks(name: string, tree: Tree, reading: Reading): CheckSpec[] {
  if (tree.value === null) return []
  const maps: Path[] = Array.isArray(tree.value) ? tree.value.map((_, index) => [index]) : [[]]
  return maps.flatMap((path) => {
    const map = subtree(tree, path)
    if (isRecord(map.value)) return Object.keys(map.value).flatMap((rule) => readCheck(rule, map, reading))
    refuse(reading, map.place([]), `\`${name}\` ${SHAPE}`)
    return []
  })
}

function readCheck(written: string, map: Tree, reading: Reading): CheckSpec[] {
  const { checks } = reading.options
  const rules = Object.keys(checks)
  const rule = snakeCase(written)
  const schema = Object.hasOwn(checks, rule) ? checks[rule] : undefined
  const { value } = subtree(map, [written])
  if (schema === undefined) {
    const near = nearest(rule, rules)
    const advice = near === undefined ? '' : `; did you mean \`${near}\`?`
    refuse(reading, map.place([written]), `\`${written}\` is not a check (they are ${rules.join(', ')})${advice}`)
    return []
  }
  const asked = schema.safeParse(value)
  const json = PlainData.safeParse(value)
  if (asked.success && json.success) return [{ rule, value: json.data }]
  const issue = asked.error?.issues[0]
  const reason = issue?.code === 'custom' ? ` (${issue.message})` : ''
  refuse(reading, map.place([written]), `\`${written}\` is ${shown(value)}${reason}; expected: ${schema.description ?? 'plain data'}`)
  return []
}
