import { idFromStem, idOfPart, LocalNames, stemOf } from '../ids.ts'
import { taskKey } from '../keys.ts'
import { readLabels } from '../syntax/labels.ts'
import { warnOfUnclosed } from '../syntax/markdown-document.ts'
import { refuseTooMany, warn } from '../reading.ts'
import { specOf, type Draft } from '../spec.ts'
import { readKeys, withDefaults, withText } from '../stated.ts'
import type { MarkdownFormat } from '../task-file.ts'
import { taskSections } from '../syntax/task-sections.ts'

/** `## Task N: Title` with labels, several in a file: they run in order, each after the one before. */
export const dayList: MarkdownFormat = {
  matches: (document) =>
    taskSections(document).tasks.some(({ marks }) => marks.some((mark) => mark.kind === 'label' && taskKey(mark.name) !== undefined)),
  read: (document, reading) => {
    warnOfUnclosed(document, reading)
    const { tasks, strays } = taskSections(document)
    if (refuseTooMany(reading, tasks.length)) return []
    for (const offset of strays) {
      const advice = 'use a deeper heading, or a fenced block, for what belongs to the task above'
      warn(reading, document.placeAt(offset), `what stands under this heading belongs to no task and is left out; ${advice}`)
    }
    const defaults = readKeys(document.front, reading)
    const base = defaults.id ?? idFromStem(stemOf(reading.file))
    const local = new LocalNames()
    const drafts: Draft[] = []
    for (const section of tasks) {
      const { tree, text } = readLabels(document, section, reading)
      const own = readKeys(tree, reading)
      const id = own.id ?? idOfPart(base, section.number)
      local.add(id, section.number)
      const before = drafts.at(-1)?.id
      drafts.push({
        id,
        title: own.title ?? (section.title === '' ? `Task ${section.number}` : section.title),
        stated: withText(withDefaults(own, defaults), text),
        depends_on: own.depends_on ?? (before === undefined ? (defaults.depends_on ?? []) : [before]),
        at: document.placeAt(section.at),
        trees: [tree, document.front],
      })
    }
    return drafts.flatMap((draft) => specOf(draft, local, reading) ?? [])
  },
}
