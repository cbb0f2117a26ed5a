import type { Line, Span } from '../../core/views/line.ts'

/** What is typed, as a pattern: literally, and in letters of any size where all of it is small. Nothing for nothing. */
export function patternOf(words: string): RegExp | undefined {
  if (words === '') return undefined
  const literal = words.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)
  return new RegExp(literal, words === words.toLowerCase() ? 'gi' : 'g')
}

/** A line with what was searched for in style `found`. */
export function markFound(line: Line, pattern: RegExp): Line {
  const ranges = [...line.map(({ text }) => text).join('').matchAll(pattern)].map(({ 0: { length }, index }) => ({ from: index, to: index + length }))
  if (ranges.length === 0) return line
  let at = 0
  return line.flatMap((span) => {
    const begin = at
    at += span.text.length
    return cutAt(span, begin, ranges)
  })
}

/** A span in pieces: what lies in a range is found. */
function cutAt(span: Span, begin: number, ranges: readonly { from: number; to: number }[]): Span[] {
  const pieces: Span[] = []
  const end = begin + span.text.length
  let at = begin
  const take = (to: number, found: boolean) => {
    if (to > at) pieces.push(found ? { text: span.text.slice(at - begin, to - begin), style: 'found' } : { ...span, text: span.text.slice(at - begin, to - begin) })
    at = Math.max(at, to)
  }
  for (const { from, to } of ranges) {
    if (to <= begin || from >= end) continue
    take(Math.max(begin, from), false)
    take(Math.min(end, to), true)
  }
  take(end, false)
  return pieces
}
