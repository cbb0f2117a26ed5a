import type { Section } from './labels.ts'
import type { MarkdownDocument } from './markdown-document.ts'
import type { Mark } from './outline.ts'

/** What stands under `## Task N: Title`, up to the next heading of that depth or above. */
export type TaskSection = Section & {
  /** The `N` of the heading, such as `2` or `2.1`. */
  number: string
  title: string
  /** Where the heading stands. */
  at: number
}

type Heading = Extract<Mark, { kind: 'heading' }>

const TASK = /^task\s+#?(\d+(?:\.\d+)*[a-z]?)(?!\w)[\s:.)–—-]*(.*)$/i

export function isTaskHeading(mark: Mark): mark is Heading {
  return mark.kind === 'heading' && TASK.test(mark.text)
}

/** The tasks of a list, and the headings after them with text under it that belongs to none. */
export function taskSections({ text, outline: { marks } }: MarkdownDocument): { tasks: TaskSection[]; strays: number[] } {
  const first = marks.find(isTaskHeading)
  const tasks: TaskSection[] = []
  const strays: number[] = []
  if (first === undefined) return { tasks, strays }

  const headings = marks.flatMap((mark, index) => (mark.kind === 'heading' && mark.depth <= first.depth ? [{ mark, index }] : []))
  for (const [nth, { mark, index }] of headings.entries()) {
    const next = headings[nth + 1]
    const section = { start: mark.end, end: next?.mark.start ?? text.length, marks: marks.slice(index + 1, next?.index) }
    const task = sectionOf(mark, section, text)
    if (task !== undefined) tasks.push(task)
    else if (tasks.length > 0 && text.slice(section.start, section.end).trim() !== '') strays.push(mark.start)
  }
  return { tasks, strays }
}

function sectionOf(heading: Heading, section: Section, text: string): TaskSection | undefined {
  const [, number, title = ''] = TASK.exec(heading.text) ?? []
  if (number === undefined) return undefined
  return { ...section, end: beforeBreak(text, section.start, section.end), number, title: title.trim(), at: heading.start }
}

/** A line of dashes at the end of a section separates it from the next; it is not part of it. */
function beforeBreak(text: string, start: number, end: number): number {
  const content = text.slice(start, end).trimEnd()
  const line = content.lastIndexOf('\n') + 1
  return /^(?:-{3,}|\*{3,}|_{3,})$/.test(content.slice(line).trim()) ? start + line : end
}
