import { idFromStem, idOfPart, LocalNames, stemOf } from '../ids.ts'
import type { TaskSpec } from '../../core/task.ts'
import { readPlanKeys } from '../plan-keys.ts'
import { refuse, refuseTooMany, type Reading } from '../reading.ts'
import { specOf, type Draft } from '../spec.ts'
import { readKeys, withDefaults, type Stated } from '../stated.ts'
import type { DataFormat } from '../task-file.ts'
import { isRecord, shown, subtree, type Tree } from '../syntax/tree.ts'

const EXPECTED = 'expected a map with `tasks`, `task_description`, `prompt` or `command`'

/** `tasks`, a list of maps, and defaults for them; or, without `tasks`, one task. In YAML or JSON. */
export const planFile: DataFormat = {
  matches: () => true,
  read: (tree, reading) => {
    if (!isRecord(tree.value)) {
      refuse(reading, tree.place([]), EXPECTED)
      return []
    }
    const { list, top } = readPlanKeys(tree, reading)
    const base = top.id ?? idFromStem(stemOf(reading.file))
    if (refuseTooMany(reading, list?.length ?? 1)) return []
    if (list !== undefined) return readList(tree, list, base, top, reading)
    if ((top.prompt ?? top.description ?? top.command) === undefined) {
      refuse(reading, tree.place([]), `there is no work in this file: ${EXPECTED}`)
      return []
    }
    const draft = { id: base, title: top.title ?? base, stated: top, depends_on: top.depends_on ?? [], at: tree.place([]), trees: [tree] }
    return [specOf(draft, new LocalNames(), reading) ?? []].flat()
  },
}

function readList(tree: Tree, list: { name: string; length: number }, base: string, defaults: Stated, reading: Reading): TaskSpec[] {
  const local = new LocalNames()
  const drafts: Draft[] = []
  for (let index = 0; index < list.length; index += 1) {
    const own = subtree(tree, [list.name, index])
    const at = own.place([])
    if (!isRecord(own.value)) {
      refuse(reading, at, `each task has to be a map with a \`prompt\` or a \`command\`, and this is ${shown(own.value)}`)
      continue
    }
    const number = String(index + 1)
    const stated = withDefaults(readKeys(own, reading), defaults)
    const id = stated.id ?? idOfPart(base, number)
    local.add(id, number)
    drafts.push({ id, title: stated.title ?? id, stated, depends_on: stated.depends_on ?? [], at, trees: [own, tree] })
  }
  return drafts.flatMap((draft) => specOf(draft, local, reading) ?? [])
}
