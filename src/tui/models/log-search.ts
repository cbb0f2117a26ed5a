import type { LogText } from '../../app/log-reader.ts'
import { sanitize } from '../../core/sanitize.ts'

/** What a search in a log has found. */
export type LogSearch = {
  /** Looks through what has come since. */
  look: (text: LogText) => void
  /** Lines that hold it, as far as it has been looked. */
  count: () => number
  isDone: () => boolean
  /** The nearest such line after a byte, or before it; from the other end where there is none on the way. */
  nearest: (from: number, seek: 'next' | 'previous') => Hit | 'searching' | 'nothing'
  close: () => void
}

/** Bytes that are looked through at once: about a millisecond. */
const SLICE = 256 * 1024
/** Slices after which it is told how far it has come. */
const TOLD_AFTER = 64

/** A part of the log, and how many of its lines hold what is searched for. `open`: its last line may have gone on since. */
type Part = { from: number; to: number; count: number; open: boolean }
/** A line that was found, and the how many-th it is. */
type Hit = { line: number; nth: number }

/**
 * Looks through a log slice by slice, so that nobody waits for a large one. Only numbers are kept of it.
 * @param pattern global
 */
export function searchLog(first: LogText, pattern: RegExp, changed: () => void): LogSearch {
  const parts: Part[] = []
  let text = first
  let next: NodeJS.Immediate | undefined
  let count = 0
  /** What was found last: it is drawn again and again. */
  let last: { from: number; seek: 'next' | 'previous'; hit: Hit } | undefined
  const scanned = () => parts.at(-1)?.to ?? 0

  function step(): void {
    next = undefined
    if (parts.at(-1)?.open === true) count -= parts.pop()?.count ?? 0
    const from = scanned()
    if (from < text.end) {
      const piece = text.linesFrom(from, SLICE)
      const found = linesWith(piece.text, pattern).length
      parts.push({ from, to: piece.to, count: found, open: piece.to === text.end })
      count += found
    }
    if (scanned() < text.end) next = setImmediate(step)
    if (next === undefined || parts.length % TOLD_AFTER === 0) changed()
  }

  /** The lines of a part, by their first bytes. */
  function linesOf({ from, to }: Part): number[] {
    const piece = text.linesFrom(from, to - from).text
    return linesWith(piece, pattern).map((index) => from + byteOfLine(piece, index))
  }

  function nearestIn(index: number, isMeant: (line: number) => boolean, seek: 'next' | 'previous'): Hit | undefined {
    const part = parts[index]
    if (part === undefined || part.count === 0) return undefined
    const lines = linesOf(part)
    const at = seek === 'next' ? lines.findIndex(isMeant) : lines.findLastIndex(isMeant)
    const line = lines[at]
    return line === undefined ? undefined : { line, nth: parts.slice(0, index).reduce((sum, before) => sum + before.count, 0) + at + 1 }
  }

  function find(from: number, seek: 'next' | 'previous'): Hit | 'searching' | 'nothing' {
    const isDone = scanned() >= text.end
    if (seek === 'previous' && !isDone && scanned() < from) return 'searching'
    const order = parts.map((_, index) => index)
    if (seek === 'previous') order.reverse()
    const isMeant = (line: number) => (seek === 'next' ? line > from : line < from)
    const isOnTheWay = (index: number) => (seek === 'next' ? (parts[index]?.to ?? 0) > from : (parts[index]?.from ?? 0) < from)
    for (const index of order) {
      const hit = isOnTheWay(index) ? nearestIn(index, isMeant, seek) : undefined
      if (hit !== undefined) return hit
    }
    if (!isDone) return 'searching'
    for (const index of order) {
      const hit = nearestIn(index, () => true, seek)
      if (hit !== undefined) return hit
    }
    return 'nothing'
  }

  return {
    look: (now) => {
      text = now
      if (scanned() > now.end) {
        parts.length = 0
        count = 0
      }
      if (scanned() < now.end) next ??= setImmediate(step)
    },
    count: () => count,
    isDone: () => scanned() >= text.end,
    nearest: (from, seek) => {
      if (last?.from === from && last.seek === seek) return last.hit
      const hit = find(from, seek)
      if (typeof hit === 'object') last = { from, seek, hit }
      return hit
    },
    close: () => clearImmediate(next),
  }
}

/** The lines of a text that hold something, by their number, as a person sees them. */
function linesWith(raw: string, pattern: RegExp): number[] {
  const text = /[^\u0020-\u007e\u00a1-\u05ff\n]/.test(raw) ? sanitize(raw, { color: false }) : raw
  const lines: number[] = []
  let line = 0
  let at = 0
  pattern.lastIndex = 0
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    for (let feed = text.indexOf('\n', at); feed !== -1 && feed < found.index; feed = text.indexOf('\n', at)) {
      line++
      at = feed + 1
    }
    lines.push(line)
    const end = text.indexOf('\n', found.index)
    if (end === -1) break
    pattern.lastIndex = end
  }
  return lines
}

/** Where a line begins, in bytes from the beginning of the text. */
function byteOfLine(text: string, line: number): number {
  let at = 0
  for (let feeds = 0; feeds < line; feeds++) at = text.indexOf('\n', at) + 1
  return Buffer.byteLength(text.slice(0, at))
}
