import { columnsOfLetter } from './letter-columns.ts'

/** A piece of text that stands or falls together, and the columns it takes. */
type Cluster = { text: string; columns: number }

/** Letters, box drawing and signs that every terminal shows in one column each. */
const ONE_COLUMN = '\\u0020-\\u007e\\u00a1-\\u00ac\\u00ae-\\u02ff\\u0370-\\u0482\\u048a-\\u0590\\u2010-\\u2027\\u2030-\\u205e\\u2190-\\u2211\\u2213-\\u2219\\u221b-\\u22ff\\u2300-\\u2319\\u2500-\\u25fc\\u25ff-\\u2613\\u2713-\\u2727'
const ONE_COLUMN_EACH = new RegExp(`^[${ONE_COLUMN}]*$`)
/** Kana, ideographs and their punctuation: two columns each. */
const TWO_COLUMNS = '\\u3001-\\u3029\\u3041-\\u3096\\u30a1-\\u30fa\\u3400-\\u4dbf\\u4e00-\\u9fff\\uff01-\\uff60'
const FIRST_OF_TWO = 0x3001
/** None of these joins one of them before or after it. */
const APART = new RegExp(`[${ONE_COLUMN}${TWO_COLUMNS}]+`, 'g')

/** Made when a text needs it: to load what it knows of all scripts takes as long as a tenth of the start. */
let segmenter: Intl.Segmenter | undefined
const segmentsOfAny = (text: string) => (segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })).segment(text)

/** Columns that a text takes. It holds no control characters. */
export function columnsOf(text: string): number {
  if (ONE_COLUMN_EACH.test(text)) return text.length
  let columns = 0
  for (const cluster of clustersOf(text)) columns += cluster.columns
  return columns
}

/** The letters of a text, as a person counts them. */
export function lettersOf(text: string): string[] {
  return Array.from(segmentsOfAny(text), ({ segment }) => segment)
}

/** Whether each character takes one column, on every terminal. */
export function isPlain(text: string): boolean {
  return ONE_COLUMN_EACH.test(text)
}

/** A text, piece by piece. */
export function* clustersOf(text: string): Generator<Cluster> {
  let at = 0
  for (const { 0: run, index } of text.matchAll(APART)) {
    // What stands at the ends of a run may join what is beside it.
    const from = index === 0 ? 0 : index + 1
    const to = index + run.length === text.length ? text.length : index + run.length - 1
    if (from >= to) continue
    if (from > at) yield* segmentsOf(text.slice(at, from))
    for (at = from; at < to; at++) yield { text: text.charAt(at), columns: text.charCodeAt(at) < FIRST_OF_TWO ? 1 : 2 }
  }
  if (at < text.length) yield* segmentsOf(text.slice(at))
}

/** Any text, piece by piece; it takes a hundred times as long. */
function* segmentsOf(text: string): Generator<Cluster> {
  for (const { segment } of segmentsOfAny(text)) {
    if (ONE_COLUMN_EACH.test(segment)) {
      yield { text: segment, columns: segment.length }
      continue
    }
    const columns = columnsOfLetter(segment)
    // A lone mark takes no column of its own and would land on its neighbour.
    if (columns > 0) yield { text: segment, columns }
  }
}
