import { StringDecoder } from 'node:string_decoder'
import { BLOCK, type PagedFile } from './paged-file.ts'

/** A line of a log: from its first byte to the first of the next one; the text without its line end. */
export type LogLine = { from: number; to: number; text: string }

/**
 * The first `end` bytes of a log as lines. Lines are found from any byte on, in both directions, by reading the
 * blocks around it: a log of any size costs what is looked at, and nothing has to be counted first.
 *
 * A line that fills a whole block goes on as a line of its own in each such block: so no line is longer than two
 * blocks, and what begins where is the same from whichever side one comes.
 */
export type LogText = {
  /** Bytes. */
  end: number
  /** The line that a byte stands in; none before the beginning and from the end on. */
  lineAt: (byte: number) => LogLine | undefined
  /** Whole lines from the beginning of one on, about so many bytes; `to` is where the next one begins. */
  linesFrom: (from: number, bytes: number) => { to: number; text: string }
}

const LINE_FEED = 0x0a

export function logText(file: PagedFile, end: number): LogText {
  const blockAt = (byte: number) => {
    const from = byte - (byte % BLOCK)
    return { from, bytes: file.block(from, end) }
  }

  function startOf(byte: number): number {
    for (let at = byte; ; ) {
      const { from, bytes } = blockAt(at)
      const before = Math.min(byte - from, bytes.length)
      const feed = before === 0 ? -1 : bytes.lastIndexOf(LINE_FEED, before - 1)
      if (feed !== -1) return from + feed + 1
      if (from === 0) return 0
      const own = ownStart(from, bytes)
      if (own !== undefined && own <= byte) return own
      at = from - 1
    }
  }

  function endOf(start: number): number {
    for (let at = start; at < end; ) {
      const { from, bytes } = blockAt(at)
      const own = at === from ? ownStart(from, bytes) : undefined
      if (own !== undefined && own > start) return own
      const feed = bytes.indexOf(LINE_FEED, at - from)
      if (feed !== -1) return from + feed + 1
      at = from + BLOCK
    }
    return end
  }

  return {
    end,
    lineAt: (byte) => {
      if (byte < 0 || byte >= end) return undefined
      const from = startOf(byte)
      const to = endOf(from)
      const { from: first, bytes } = blockAt(from)
      const line = to <= first + BLOCK ? bytes.subarray(from - first, to - first) : file.read(from, to)
      return { from, to, text: textOf(line.at(-1) === LINE_FEED ? line.subarray(0, -1) : line) }
    },
    linesFrom: (from, bytes) => {
      const to = from + bytes >= end ? end : Math.max(startOf(from + bytes), endOf(from))
      return { to, text: textOf(file.read(from, to)) }
    },
  }
}

/** Where a block begins a line by itself: it is full, and nothing in it ends one. */
function ownStart(from: number, bytes: Buffer): number | undefined {
  return from > 0 && bytes.length === BLOCK && !bytes.includes(LINE_FEED) ? from + tailLength(bytes) : undefined
}

/** Bytes at the beginning of a block that belong to a character of the block before (RFC 3629). */
function tailLength(bytes: Buffer): number {
  let length = 0
  while (length < 3 && ((bytes[length] ?? 0) & 0xc0) === 0x80) length++
  return length
}

/** A character that is not all there yet is left out. */
function textOf(bytes: Buffer): string {
  return new StringDecoder('utf8').write(bytes)
}
