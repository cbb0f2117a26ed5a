/** A line of Markdown that gives a text its structure, by its offsets in the text. */
export type Mark =
  | { kind: 'heading'; depth: number; text: string; start: number; end: number }
  /** `**Name:**` at the start of a line. `start` is the line's; `end` is where the label's content begins. */
  | { kind: 'label'; name: string; start: number; end: number }

export type Outline = {
  marks: Mark[]
  /** Where a code block or comment opens that nothing closes: all below belongs to it. */
  unclosed: number | undefined
}

/** What the lines are in the midst of. `indent` is that of the list item around it. */
type Inside = { kind: 'fence'; mark: string; indent: number; start: number } | { kind: 'comment'; indent: number; start: number }

/** Deeper lists are text: it bounds what one line can cost. */
const MAX_ITEMS = 32

/**
 * Headings (`#`) and labels that are structure: at top level, outside of code blocks and comments
 * (CommonMark 0.31, sections 4.2, 4.5, 4.6, 5.2). It only looks at what can hide a heading, and takes
 * one pass: full parsers need seconds for a megabyte of text, and hours for a megabyte of nested lists.
 */
export function outline(text: string, from: number): Outline {
  const marks: Mark[] = []
  /** The columns where the contents of the open list items begin, outermost first. */
  let items: number[] = []
  let inside: Inside | undefined

  for (let start = from; start < text.length;) {
    const end = endOfLine(text, start)
    const line = text.slice(start, end).trimEnd()
    const indent = width(line, line.length - line.trimStart().length)
    // With the list item ends what was open in it.
    if (inside !== undefined && line !== '' && indent < inside.indent) inside = undefined
    if (inside?.kind === 'comment') {
      if (line.includes('-->')) inside = undefined
    } else if (inside?.kind === 'fence') {
      if (indent - inside.indent < 4 && closes(line.trim(), inside.mark)) inside = undefined
    } else if (line !== '') {
      items = items.filter((column) => column <= indent)
      const mark = items.length === 0 ? markIn(line, start) : undefined
      if (mark === undefined) inside = openedBy(line, items, start)
      else marks.push(mark)
    }
    start = end + 1
  }
  return { marks, unclosed: inside?.start }
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start)
  return end === -1 ? text.length : end
}

/** Columns that the first characters of a line take; a tab goes on to the next multiple of four. */
function width(line: string, characters: number): number {
  let columns = 0
  for (let at = 0; at < characters; at += 1) columns += line[at] === '\t' ? 4 - (columns % 4) : 1
  return columns
}

const LABEL = /\*\*([A-Za-z][A-Za-z _-]{0,40})(?::\*\*|\*\*[ \t]?:)[ \t]*/g
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]|$)/

function markIn(line: string, start: number): Mark | undefined {
  const [label] = line.startsWith('**') ? labelsIn(line) : []
  if (label?.at === 0) return { kind: 'label', name: label.name, start, end: start + label.length }
  const heading = HEADING.exec(line)
  if (heading?.[1] === undefined) return undefined
  const text = withoutClosing(line.slice(heading[0].length).trim())
  return { kind: 'heading', depth: heading[1].length, text, start, end: start + line.length }
}

/** The labels in a line, wherever they stand in it. */
export function labelsIn(line: string): { name: string; at: number; length: number }[] {
  return [...line.matchAll(LABEL)].map(({ 0: whole, 1: name = '', index }) => ({ name: name.trim(), at: index, length: whole.length }))
}

/** `Title ##` is the heading `Title`. */
function withoutClosing(text: string): string {
  let end = text.length
  while (text[end - 1] === '#') end -= 1
  return end === 0 || ' \t'.includes(text[end - 1] ?? '') ? text.slice(0, end).trim() : text
}

const MARKER = /^(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$)/

/** The code block or comment that a line opens. List items that it opens are added to `items`. */
function openedBy(line: string, items: number[], start: number): Inside | undefined {
  let at = line.length - line.trimStart().length
  while (items.length < MAX_ITEMS && width(line, at) - (items.at(-1) ?? 0) < 4) {
    const rest = line.slice(at)
    const marker = MARKER.exec(rest)?.[0]
    if (marker === undefined) return blockIn(rest, items.at(-1) ?? 0, start)
    const content = at + rest.length - rest.slice(marker.length).trimStart().length
    const column = width(line, at + marker.length)
    const isCode = content === line.length || width(line, content) - column > 4
    items.push(isCode ? column + 1 : width(line, content))
    if (content === line.length) return undefined
    at = content
  }
  return undefined
}

const FENCE = /^(`{3,}(?!.*`)|~{3,})/

function blockIn(rest: string, indent: number, start: number): Inside | undefined {
  const mark = FENCE.exec(rest)?.[1]
  if (mark !== undefined) return { kind: 'fence', mark, indent, start }
  return rest.startsWith('<!--') && !rest.includes('-->', 4) ? { kind: 'comment', indent, start } : undefined
}

function closes(line: string, mark: string): boolean {
  return line.startsWith(mark) && line === (mark[0] ?? '').repeat(line.length)
}
