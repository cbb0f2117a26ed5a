import { parse, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser'

/** Keys and indexes that lead from the root of a document to a value in it. */
type JsonPath = readonly (string | number)[]

/** JSON as its author wrote it. */
export type JsonText =
  | {
      result: 'json'
      value: unknown
      /** Where the key, or the item of a list, at the end of a path begins; the nearest thing above it where it is missing. */
      offsetOf: (path: JsonPath) => number
      /** The members of the outermost object, in order; none where it is no object. */
      members: () => JsonMember[]
    }
  | { result: 'broken'; offset: number; message: string }

/** A key of the outermost object, and where its value stands. */
type JsonMember = { name: string; offset: number; value: { start: number; end: number } }

/** More levels than this are a mistake or an attack: what walks the document would run out of stack. */
const MOST_LEVELS = 100

/** Reads JSON. Where everything stands is found out at the first question: it takes ten times as long as the value. */
export function readJsonText(text: string): JsonText {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { result: 'broken', ...firstError(text) }
  }
  if (isDeeper(value, MOST_LEVELS)) return { result: 'broken', offset: 0, message: `more than ${MOST_LEVELS} levels of objects and lists; write it flatter` }
  let tree: Node | undefined
  const root = () => (tree ??= parseTree(text))
  return {
    result: 'json',
    value,
    offsetOf: (path) => offsetIn(root(), path),
    members: () => (root()?.type === 'object' ? (root()?.children ?? []) : []).flatMap(memberOf),
  }
}

/** The first mistake, in words: `JSON.parse` tells a place for some mistakes only, and differently from one Node to the next. */
function firstError(text: string): { offset: number; message: string } {
  const errors: ParseError[] = []
  parse(text, errors, { disallowComments: true, allowEmptyContent: false })
  const [first] = errors
  if (first === undefined) return { offset: 0, message: 'it cannot be read' }
  const expected = EXPECTED[printParseErrorCode(first.error)] ?? 'JSON'
  return { offset: first.offset, message: `expected ${expected}, found ${found(text, first.offset)}${advice(text, first.offset)}` }
}

const EXPECTED: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'a key in double quotes',
  ValueExpected: 'a value',
  ColonExpected: '":"',
  CommaExpected: '","',
  CloseBraceExpected: '"}"',
  CloseBracketExpected: '"]"',
  EndOfFileExpected: 'nothing more',
  InvalidCommentToken: 'no comment, JSON has none',
  UnexpectedEndOfComment: 'no comment, JSON has none',
  UnexpectedEndOfString: 'a string that ends on its line',
  UnexpectedEndOfNumber: 'a number',
  InvalidUnicode: 'four digits after \\u',
  InvalidEscapeCharacter: 'two backslashes for one',
  InvalidCharacter: 'no control character in a string',
  InvalidSymbol: 'a value; text needs double quotes',
  InvalidNumberFormat: 'a number as JSON writes it',
}

function found(text: string, offset: number): string {
  const [token] = /^(?:[\w.+-]+|.)/su.exec(text.slice(offset, offset + 20)) ?? []
  return token === undefined ? 'the end of the file' : JSON.stringify(token)
}

/** The commonest mistake of all: a comma after the last member. */
function advice(text: string, offset: number): string {
  return /,\s*$/.test(text.slice(0, offset)) && /^[}\]]/.test(text.slice(offset)) ? '; remove the comma before it' : ''
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1))
}

function offsetIn(root: Node | undefined, path: JsonPath): number {
  let node = root
  let offset = root?.offset ?? 0
  for (const step of path) {
    const found = node?.type === 'array' ? node.children?.[Number(step)] : propertyOf(node, String(step))
    if (found === undefined) return offset
    offset = found.offset
    node = found.type === 'property' ? found.children?.[1] : found
  }
  return offset
}

/** The last one of a name counts, as it does for `JSON.parse`. */
function propertyOf(node: Node | undefined, name: string): Node | undefined {
  return node?.type === 'object' ? node.children?.findLast(({ children }) => children?.[0]?.value === name) : undefined
}

function memberOf({ children }: Node): JsonMember[] {
  const [key, value] = children ?? []
  if (key === undefined || value === undefined) return []
  return [{ name: String(key.value), offset: key.offset, value: { start: value.offset, end: value.offset + value.length } }]
}
