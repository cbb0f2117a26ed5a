import { firstWhere } from '../core/bisect.ts'
import { BLOCK, type PagedFile } from './paged-file.ts'

/*
 * When each part of a log came: a line for each moment at which something was added, `<byte> <ms since 1970>`, each
 * as long as the others, so that it can be searched without being read. The bytes from there on, up to the next
 * entry's, came then. A last line that was torn by a crash is no entry.
 */

/** Bytes of an entry. */
const ENTRY = 27

/** @param byte how long the log was when more came @param at ms since 1970 */
export function timeEntry(byte: number, at: number): string {
  return `${String(byte).padStart(12, '0')} ${String(at).padStart(13, '0')}\n`
}

export type LogTimes = {
  /** When a byte of the log came, in ms since 1970; undefined where nobody has written it down. */
  of: (byte: number) => number | undefined
  /** How long the log was at a time; undefined where that was not written down. */
  lengthAt: (at: number, size: number) => number | undefined
}

export function logTimes(file: PagedFile): LogTimes {
  function entry(index: number): { byte: number; at: number } {
    const text = bytesOf(index * ENTRY).toString('latin1')
    return { byte: Number(text.slice(0, 12)), at: Number(text.slice(13, 26)) }
  }

  function bytesOf(from: number): Buffer {
    const first = from - (from % BLOCK)
    const to = from + ENTRY
    return to <= first + BLOCK ? file.block(first, to).subarray(from - first) : file.read(from, to)
  }

  /** How many entries there are before the first for which it is so; those after it are too. */
  function countBefore(isSo: (entry: { byte: number; at: number }) => boolean): number {
    return firstWhere(Math.floor(file.size() / ENTRY), (index) => isSo(entry(index)))
  }

  return {
    of: (byte) => {
      const count = countBefore((next) => next.byte > byte)
      return count === 0 ? undefined : entry(count - 1).at
    },
    lengthAt: (at, size) => {
      const count = Math.floor(file.size() / ENTRY)
      const before = countBefore((next) => next.at > at)
      if (count === 0) return undefined
      return before === count ? size : Math.min(size, entry(before).byte)
    },
  }
}
