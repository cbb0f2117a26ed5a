import { outline, type Outline } from './outline.ts'
import type { Place } from '../../text/places.ts'
import { refuse, warn, type Reading } from '../reading.ts'
import { isRecord, type Tree } from './tree.ts'
import { readYaml } from './yaml-tree.ts'

/** A Markdown file, taken apart. */
export type MarkdownDocument = {
  /** The whole text, without a byte order mark. Offsets are into it. */
  text: string
  /** The front matter; an empty map where there is none. */
  front: Tree
  /** Where the body begins: after the front matter and one empty line. */
  body: number
  outline: Outline
  placeAt: (offset: number) => Place
}

/** Takes a Markdown file apart; nothing when its front matter cannot be read. */
export function openMarkdown(text: string, placeAt: (offset: number) => Place, reading: Reading): MarkdownDocument | undefined {
  const found = frontMatter(text)
  if (found === 'unclosed') {
    refuse(reading, placeAt(0), 'the front matter that opens here is not closed; end it with a line of three dashes: ---')
    return undefined
  }
  const front =
    found === undefined ? EMPTY : readYaml(text.slice(found.start, found.end), (offset) => placeAt(found.start + offset), reading)
  if (front === undefined) return undefined
  if (front.value !== null && !isRecord(front.value)) {
    refuse(reading, front.place([]), 'front matter consists of lines such as `model: llama3.1:8b`; this is something else')
    return undefined
  }
  const body = found?.body ?? 0
  return { text, front, body, outline: outline(text, body), placeAt }
}

const EMPTY: Tree = { value: null, place: () => ({ line: 1, column: 1 }) }

/** Where the YAML between the two lines of dashes stands, and where the body begins after it. */
export type FrontMatter = { start: number; end: number; body: number }

/** Finds the front matter. It opens on the first line; a byte order mark has to be off. */
export function frontMatter(text: string): FrontMatter | 'unclosed' | undefined {
  const opening = /^---[ \t]*(?:\r?\n|$)/.exec(text)
  if (opening === null) return undefined
  const start = opening[0].length
  const closing = /^(?:---|\.\.\.)[ \t]*\r?$/gm
  closing.lastIndex = start
  const found = closing.exec(text)
  if (found === null) return 'unclosed'
  const lineEnds = /(?:\r?\n){0,2}/y
  lineEnds.lastIndex = closing.lastIndex - (found[0].endsWith('\r') ? 1 : 0)
  lineEnds.test(text)
  return { start, end: found.index, body: lineEnds.lastIndex }
}

/** Where labels are read, an open code block or comment hides all that stands below it. */
export function warnOfUnclosed({ outline: { unclosed }, placeAt }: MarkdownDocument, reading: Reading): void {
  if (unclosed === undefined) return
  warn(reading, placeAt(unclosed), 'what opens here is never closed, so all below belongs to it; close it')
}
