import { Composer, Parser, type CST, type Document } from 'yaml'

/** Something wrong at an offset of the text. */
export type Fault = { offset: number; message: string }

export type YamlDocument = { result: 'document'; document: Document.Parsed } | { result: 'broken'; faults: Fault[] }

/** The parser takes about a second for a million characters. */
const MAX_CHARS = 2_000_000
/** Mistakes in YAML come in cascades: the first ones tell what is wrong. */
const MAX_FAULTS = 3
/** Levels of maps and lists in each other. */
export const MAX_DEPTH = 64

/** What to do about a fault of the parser, by its code. */
const ADVICE: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'put a value that contains ": " in quotes, and let keys of one map begin in one column',
  MULTILINE_IMPLICIT_KEY: 'a colon may be missing after a key, or a quote at the end of a value',
  BAD_INDENT: 'check how its lines are indented, and that brackets are closed',
  TAB_AS_INDENT: 'indent with spaces, not tabs',
  MISSING_CHAR: 'check that every quote, bracket and colon has its counterpart',
  MULTIPLE_DOCS: 'keep one document in a file',
}

/** Parses YAML 1.2 (and so JSON). Neither hangs nor throws, whatever the text. */
export function parseYaml(text: string): YamlDocument {
  if (text.length > MAX_CHARS) {
    const message = `this has ${text.length} characters of YAML, and at most ${MAX_CHARS} are read; write a big plan as JSON`
    return { result: 'broken', faults: [{ offset: 0, message }] }
  }
  const tokens = firstTokens(text)
  const deep = tooDeep(tokens)
  if (deep !== undefined) return { result: 'broken', faults: [deep] }

  const options = { logLevel: 'silent', prettyErrors: false, uniqueKeys: false } as const
  const [document, second] = [...new Composer(options).compose(tokens, true, text.length)]
  if (document === undefined) throw new Error('the composer was told to make a document in any case')
  const faults = document.errors.slice(0, MAX_FAULTS).map(({ pos, code, message }) => ({ offset: pos[0], message: explain(code, message) }))
  if (second !== undefined) {
    faults.push({ offset: second.range[0], message: explain('MULTIPLE_DOCS', 'A second document starts here') })
  }
  return faults.length > 0 ? { result: 'broken', faults } : { result: 'document', document }
}

/** The tokens of one document: what comes after mistakes, or after the document, is not looked at. */
function firstTokens(text: string): CST.Token[] {
  const tokens: CST.Token[] = []
  let faults = 0
  let documents = 0
  for (const token of new Parser().parse(text)) {
    tokens.push(token)
    if (token.type === 'error' || token.type === 'directive') faults += 1
    if (token.type === 'document') documents += 1
    if (faults > MAX_FAULTS || documents > 1) break
  }
  return tokens
}

function explain(code: string, message: string): string {
  const advice = ADVICE[code]
  const [first = message] = message.split('\n', 1)
  return `this is not valid YAML: ${first}${advice === undefined ? '' : `; ${advice}`}`
}

/**
 * Where maps and lists are nested too deeply. The composer goes down by recursion, and a regular
 * expression compiled at the end of the stack aborts the whole process.
 */
function tooDeep(tokens: readonly CST.Token[]): Fault | undefined {
  const rest = tokens.map((token) => ({ token, depth: 0 }))
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { token, depth } = next
    if (depth > MAX_DEPTH) return { offset: token.offset, message: `more than ${MAX_DEPTH} levels of maps and lists; write it flatter` }
    for (const inner of within(token)) rest.push({ token: inner, depth: depth + 1 })
  }
  return undefined
}

function within(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value]
  if (!('items' in token)) return []
  return token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat())
}
