import { isMap, isNode, isScalar, type Node } from 'yaml'
import type { FileStatus } from '../core/task.ts'
import { readJsonText } from '../text/json.ts'
import { taskKey } from './keys.ts'
import { frontMatter } from './syntax/markdown-document.ts'
import { syntaxOf } from './syntax/syntax.ts'
import { parseYaml } from './syntax/yaml-document.ts'

/** A stretch of the text, and what takes its place. */
type Edit = { start: number; end: number; text: string }

/**
 * Writes a status into a task file's text, and touches no other byte: the value is replaced where a
 * status stands, else a line is put in. A text that is broken, or no task file's, comes back as it is.
 * @param file the file's name; its ending says how the text is written
 */
export function setStatus(file: string, text: string, status: FileStatus): string {
  const mark = text.startsWith('\uFEFF') ? 1 : 0
  const edit = editOf(file, text.slice(mark), status)
  if (edit === undefined) return text
  return text.slice(0, mark + edit.start) + edit.text + text.slice(mark + edit.end)
}

function editOf(file: string, text: string, status: FileStatus): Edit | undefined {
  const syntax = syntaxOf(file)
  switch (syntax) {
    case 'markdown':
      return inMarkdown(text, status)
    case 'yaml':
      return inYaml(text, status)
    case 'json':
      return inJson(text, status)
    case undefined:
      return undefined
  }
}

function inMarkdown(text: string, status: FileStatus): Edit | undefined {
  const found = frontMatter(text)
  if (found === 'unclosed') return undefined
  const lineEnd = lineEndOf(text)
  // One empty line after the front matter is not part of the body: the body stays what it was.
  if (found === undefined) return { start: 0, end: 0, text: ['---', `status: ${status}`, '---', '', ''].join(lineEnd) }
  const edit = inYaml(text.slice(found.start, found.end), status, lineEnd)
  return edit === undefined ? undefined : { ...edit, start: found.start + edit.start, end: found.start + edit.end }
}

function inJson(text: string, status: FileStatus): Edit | undefined {
  const json = readJsonText(text)
  if (json.result === 'broken') return undefined
  const members = json.members()
  const stated = members.findLast(({ name }) => taskKey(name) === 'status')
  if (stated !== undefined) return { ...stated.value, text: JSON.stringify(status) }
  const [first] = members
  if (first === undefined) return undefined
  return besideFirst(text, first.offset, `"status": ${JSON.stringify(status)},`)
}

/** An entry in front of the first one, on a line of its own where that one has its own line. */
function besideFirst(text: string, first: number, entry: string): Edit {
  const between = text.slice(text.lastIndexOf('{', first) + 1, first)
  return { start: first, end: first, text: entry + (/^\s+$/.test(between) ? between : ' ') }
}

function inYaml(text: string, status: FileStatus, lineEnd = lineEndOf(text)): Edit | undefined {
  const parsed = parseYaml(text)
  if (parsed.result === 'broken') return undefined
  const map: unknown = parsed.document.contents
  if (map === null) return { start: 0, end: 0, text: `status: ${status}${lineEnd}` }
  if (!isMap(map)) return undefined

  const stated = map.items.find(({ key }) => isScalar(key) && typeof key.value === 'string' && taskKey(key.value) === 'status')
  if (stated !== undefined) return isNode(stated.value) ? inPlaceOf(stated.value, text, status) : undefined
  const first = map.items[0]?.key
  const offset = isNode(first) ? first.range?.[0] : undefined
  if (offset === undefined) return inBraces(map, status)
  if (map.flow === true) return besideFirst(text, offset, `status: ${status},`)
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  const [indent = ''] = /^[ \t]*/.exec(text.slice(lineStart, offset)) ?? []
  const start = aboveComments(text, lineStart)
  return { start, end: start, text: `${indent}status: ${status}${lineEnd}` }
}

/** Where the comment lines directly above a line begin: they speak of that line, and stay with it. */
function aboveComments(text: string, lineStart: number): number {
  let start = lineStart
  while (start > 0) {
    const before = text.lastIndexOf('\n', start - 2) + 1
    if (!/^[ \t]*#/.test(text.slice(before, start))) break
    start = before
  }
  return start
}

/** `{}` is all that a map without a key can be. */
function inBraces({ range }: Node, status: FileStatus): Edit {
  const inside = (range?.[0] ?? 0) + 1
  return { start: inside, end: inside, text: `status: ${status}` }
}

/** The edit that replaces a value. The comment after it stays; an empty value needs its white space. */
function inPlaceOf({ range }: Node, text: string, status: FileStatus): Edit | undefined {
  if (range === null || range === undefined) return undefined
  const [start, end] = range
  const [lineEnd = ''] = /\r?\n$/.exec(text.slice(start, end)) ?? []
  const before = text[start - 1] === ':' ? ' ' : ''
  const after = text[end] === '#' ? ' ' : ''
  return { start, end, text: before + status + after + lineEnd }
}

function lineEndOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n'
}
