import { BLOCKS, KNOWN_NAMES, PROSE, snakeCase, STRUCTURED, taskKey, type TaskKey } from '../keys.ts'
import type { MarkdownDocument } from './markdown-document.ts'
import { nearest } from '../../text/nearest.ts'
import { labelsIn, type Mark } from './outline.ts'
import { refuse, warn, type Reading } from '../reading.ts'
import type { Tree } from './tree.ts'
import { unwrap } from './unwrap.ts'
import { readYaml } from './yaml-tree.ts'

/** A part of a document between two offsets, with the marks in it. */
export type Section = { start: number; end: number; marks: readonly Mark[] }

/** A stretch of a section: the content of a label, or what stands under none. */
type Stretch = { label: { name: string; key: TaskKey } | undefined; from: number; start: number; end: number }

/**
 * Reads the labels of a section. A label's content goes on to the next label that names a key of a task.
 * In prose (a prompt, a context) all else is content: other labels, headings. A list ends at any label
 * or heading, and the other keys end with their line: what follows belongs to no label.
 * @returns what the labels state, and the text that stands under none
 */
export function readLabels(document: MarkdownDocument, section: Section, reading: Reading): { tree: Tree; text: string } {
  const trees = new Map<string, { line: number; tree: Tree }>()
  const loose: string[] = []
  for (const { label, from, start, end } of stretches(document.text, section)) {
    const content = label === undefined ? end : contentEnd(document.text, label.key, start, end)
    loose.push(document.text.slice(label === undefined ? start : content, end).trim())
    if (label === undefined) continue
    if (trees.has(label.name)) {
      const advice = 'keep one of them, or put what belongs to a prompt in a fenced block'
      refuse(reading, document.placeAt(from), `**${label.name}:** is stated twice in this task; ${advice}`)
    }
    const tree = readContent(document, label.key, start, content, reading)
    if (tree !== undefined) trees.set(label.name, { line: from, tree })
  }
  for (const mark of section.marks) if (mark.kind === 'label') warnIfMisspelt(mark.name, mark.start, document, reading)

  const value = Object.fromEntries([...trees].map(([name, { tree }]) => [name, tree.value]))
  return {
    tree: {
      value,
      place: ([name, ...rest]) => {
        const found = trees.get(String(name))
        if (found === undefined) return document.placeAt(section.start)
        return rest.length === 0 ? document.placeAt(found.line) : found.tree.place(rest)
      },
    },
    text: loose.filter((text) => text !== '').join('\n\n'),
  }
}

function stretches(text: string, { start, end, marks }: Section): Stretch[] {
  const found: Stretch[] = [{ label: undefined, from: start, start, end }]
  for (const mark of marks.flatMap((atLineStart) => [atLineStart, ...onSameLine(text, atLineStart)])) {
    const key = mark.kind === 'label' ? taskKey(mark.name) : undefined
    const open = found.at(-1)
    const label = mark.kind === 'label' && key !== undefined ? { name: mark.name, key } : undefined
    const interrupts = open?.label !== undefined && !PROSE.has(open.label.key)
    if (open === undefined || (label === undefined && !interrupts)) continue
    open.end = beforeSeparators(text, open.start, mark.start)
    found.push({ label, from: mark.start, start: label === undefined ? mark.start : mark.end, end })
  }
  return found
}

/** `**Type:** fix | **Priority:** high`: after a key that ends with its line, other keys may share the line. */
function onSameLine(text: string, mark: Mark): Mark[] {
  const key = mark.kind === 'label' ? taskKey(mark.name) : undefined
  if (key === undefined || takesMore(key)) return []
  const lineEnd = text.indexOf('\n', mark.end)
  const line = text.slice(mark.end, lineEnd === -1 ? text.length : lineEnd)
  return labelsIn(line)
    .filter(({ name }) => taskKey(name) !== undefined)
    .map(({ name, at, length }) => ({ kind: 'label', name, start: mark.end + at, end: mark.end + at + length }))
}

/** The offset before what only separates a stretch from the next label. */
function beforeSeparators(text: string, start: number, end: number): number {
  let at = end
  while (at > start && ' \t|,;·'.includes(text[at - 1] ?? '')) at -= 1
  return at
}

function takesMore(key: TaskKey): boolean {
  return PROSE.has(key) || BLOCKS.has(key)
}

/** Where the content of a label's stretch ends: with its line, unless the key takes more than a line. */
function contentEnd(text: string, key: TaskKey, start: number, end: number): number {
  if (takesMore(key)) return end
  const lineEnd = text.indexOf('\n', start)
  return lineEnd === -1 ? end : Math.min(lineEnd, end)
}

/** The first line with text on it; its indentation is part of the content. */
function firstText(text: string, start: number, end: number): number {
  const blank = /(?:[ \t]*\r?\n)*/y
  blank.lastIndex = start
  blank.test(text)
  return Math.min(blank.lastIndex, end)
}

function readContent(document: MarkdownDocument, key: TaskKey, start: number, end: number, reading: Reading): Tree | undefined {
  const first = firstText(document.text, start, end)
  const content = document.text.slice(first, end).trimEnd()
  const place = () => document.placeAt(first)
  if (content === '') return { value: null, place }
  const inner = unwrap(content)
  if (!STRUCTURED.has(key)) return { value: inner, place }
  // Of an unwrapped block the lines are known, and that it lost its first one.
  const offset = first + Math.max(0, content.indexOf(inner))
  return readYaml(inner, (at) => document.placeAt(offset + at), reading)
}

function warnIfMisspelt(name: string, offset: number, document: MarkdownDocument, reading: Reading): void {
  if (taskKey(name) !== undefined) return
  const near = nearest(snakeCase(name), KNOWN_NAMES)
  if (near !== undefined) warn(reading, document.placeAt(offset), `**${name}:** is read as text; did you mean \`${near}\`?`)
}
