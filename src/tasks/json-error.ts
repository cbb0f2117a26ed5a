type State = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'after'

const EXPECTED: Readonly<Record<State, string>> = {
  value: 'a value',
  'first value': 'a value or "]"',
  key: 'a key in double quotes',
  'first key': 'a key in double quotes or "}"',
  colon: '":"',
  after: '"," or the closing bracket',
}

/** What comes after a token in a state; a pair that is not here is a mistake. Brackets that close, and commas, need the stack. */
const NEXT: Readonly<Record<string, Partial<Record<State, State>>>> = {
  string: { value: 'after', 'first value': 'after', key: 'colon', 'first key': 'colon' },
  literal: { value: 'after', 'first value': 'after' },
  ':': { colon: 'value' },
  '{': { value: 'first key', 'first value': 'first key' },
  '[': { value: 'first value', 'first value': 'first value' },
}

const SPACE = /[ \t\r\n]*/y
const STRING = /"[^"\\\t\r\n\f]*(?:\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})[^"\\\t\r\n\f]*)*"/y
const LITERAL = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y

/**
 * Where a text stops being JSON, and what was expected there. `JSON.parse` tells a place for some
 * mistakes only, and in other words from one version of Node to the next.
 */
export function explainJsonError(text: string): { offset: number; message: string } {
  const open: string[] = []
  let state: State = 'value'
  let at = skip(SPACE, text, 0)
  while (at < text.length) {
    const { kind, end } = tokenAt(text, at)
    const next = after(kind, state, open)
    if (next === undefined) {
      const isTrailing = (state === 'key' && kind === '}') || (state === 'value' && kind === ']')
      const advice = isTrailing ? '; remove the comma before it' : ''
      return { offset: at, message: `expected ${expectedIn(state, open)}, found ${found(kind, text, at)}${advice}` }
    }
    state = next
    at = skip(SPACE, text, end)
  }
  return { offset: text.length, message: `expected ${expectedIn(state, open)}, found the end of the file` }
}

function after(kind: string, state: State, open: string[]): State | undefined {
  const opener = open.at(-1)
  if (kind === ',') return state !== 'after' || opener === undefined ? undefined : opener === '{' ? 'key' : 'value'
  if (kind === '}' || kind === ']') {
    const [pair, empty] = kind === '}' ? ['{', 'first key'] : ['[', 'first value']
    if (opener !== pair || (state !== 'after' && state !== empty)) return undefined
    open.pop()
    return 'after'
  }
  const next = NEXT[kind]?.[state]
  if (next !== undefined && (kind === '{' || kind === '[')) open.push(kind)
  return next
}

function tokenAt(text: string, at: number): { kind: string; end: number } {
  const character = text[at] ?? ''
  if ('{}[],:'.includes(character)) return { kind: character, end: at + 1 }
  const end = skip(character === '"' ? STRING : LITERAL, text, at)
  return { kind: end === at ? 'unknown' : character === '"' ? 'string' : 'literal', end }
}

/** The offset after what a sticky pattern matches at `at`; `at` itself where it does not match. */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}

function expectedIn(state: State, open: readonly string[]): string {
  return state === 'after' && open.length === 0 ? 'nothing more' : EXPECTED[state]
}

function found(kind: string, text: string, at: number): string {
  if (kind === 'unknown' && text[at] === '"') return 'a string that does not end on its line, or has a backslash that means nothing'
  return JSON.stringify(/^[\w.+-]+|./su.exec(text.slice(at, at + 20))?.[0] ?? '')
}
