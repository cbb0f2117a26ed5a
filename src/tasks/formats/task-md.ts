import { idFromStem, LocalNames, stemOf } from '../ids.ts'
import { taskKey } from '../keys.ts'
import { readLabels } from '../syntax/labels.ts'
import { warnOfUnclosed, type MarkdownDocument } from '../syntax/markdown-document.ts'
import { specOf } from '../spec.ts'
import { readKeys, withDefaults, withText } from '../stated.ts'
import type { MarkdownFormat } from '../task-file.ts'
import { isTaskHeading } from '../syntax/task-sections.ts'

/** `# Title` and labels such as `**Prompt:**` and `**Success Criteria:**`: a `.task.md` file, or any other of that structure. */
export const taskMd: MarkdownFormat = {
  matches: (document, file) => /\.task\.(md|markdown)$/i.test(file) || isStructured(document),
  read: (document, reading) => {
    warnOfUnclosed(document, reading)
    const { text, front, body, outline, placeAt } = document
    const title = titleOf(document)
    const labels = readLabels(document, { start: title?.end ?? body, end: text.length, marks: outline.marks }, reading)
    const before = text.slice(body, title?.start ?? body)
    const defaults = readKeys(front, reading)
    const own = readKeys(labels.tree, reading)
    const stem = stemOf(reading.file)
    const spec = specOf(
      {
        id: own.id ?? defaults.id ?? idFromStem(stem),
        title: own.title ?? defaults.title ?? title?.text ?? stem,
        stated: withText(withDefaults(own, defaults), [before.trim(), labels.text].join('\n\n').trim()),
        depends_on: own.depends_on ?? defaults.depends_on ?? [],
        at: placeAt(title?.start ?? 0),
        trees: [labels.tree, front],
      },
      new LocalNames(),
      reading,
    )
    return spec === undefined ? [] : [spec]
  },
}

const STRUCTURE: ReadonlySet<string> = new Set(['target_files', 'success_criteria', 'context'])

/** A prompt's label alone may be an author's word; with a title above it or another label of this shape it is not. */
function isStructured(document: MarkdownDocument): boolean {
  if (document.outline.marks.some(isTaskHeading)) return false
  const keys = document.outline.marks.map((mark) => (mark.kind === 'label' ? taskKey(mark.name) : undefined))
  return keys.includes('prompt') && (titleOf(document) !== undefined || keys.some((key) => key !== undefined && STRUCTURE.has(key)))
}

/** The heading of the whole file: one of the first level, before the labels. */
function titleOf({ outline: { marks } }: MarkdownDocument) {
  const first = marks.find((mark) => (mark.kind === 'heading' ? mark.depth === 1 : taskKey(mark.name) !== undefined))
  return first?.kind === 'heading' && first.text !== '' ? first : undefined
}
