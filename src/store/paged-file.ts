import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** Bytes of a block. */
export const BLOCK = 16 * 1024
/** Blocks that are kept of each file. */
const KEPT = 8

/**
 * A file that grows, read in blocks where one looks. It is read at once, without a promise: a few blocks that were
 * just written cost microseconds, and whoever draws needs them in this frame.
 */
export type PagedFile = {
  /** Bytes so far; none while it is not there, or cannot be read. */
  size: () => number
  /** Bytes of the block from `from` on, a multiple of `BLOCK`; no more than up to `to`. Not to be kept. */
  block: (from: number, to: number) => Buffer
  /** Bytes, as many as there are, past all that is kept. */
  read: (from: number, to: number) => Buffer
  close: () => void
}

export function openPagedFile(path: string): PagedFile {
  let file: number | undefined
  let known = 0
  /** Those that were used last come last. */
  const blocks = new Map<number, { bytes: Buffer; length: number }>()

  function keptBlock(from: number): { bytes: Buffer; length: number } {
    const kept = blocks.get(from) ?? { bytes: Buffer.allocUnsafeSlow(BLOCK), length: 0 }
    blocks.delete(from)
    blocks.set(from, kept)
    const [oldest] = blocks.keys()
    if (blocks.size > KEPT && oldest !== undefined) blocks.delete(oldest)
    return kept
  }

  return {
    size: () => {
      file ??= openIfThere(path)
      if (file === undefined) return 0
      const size = sizeOf(file)
      // What has become shorter is another text.
      if (size < known) blocks.clear()
      known = size
      return size
    },
    block: (from, to) => {
      const wanted = Math.min(BLOCK, to - from)
      const kept = keptBlock(from)
      if (kept.length < wanted && file !== undefined) kept.length += readInto(file, kept.bytes.subarray(kept.length), from + kept.length)
      return kept.bytes.subarray(0, Math.min(kept.length, wanted))
    },
    read: (from, to) => {
      if (file === undefined) return Buffer.alloc(0)
      const bytes = Buffer.allocUnsafe(Math.max(0, to - from))
      return bytes.subarray(0, readInto(file, bytes, from))
    },
    close: () => {
      if (file !== undefined) closeSync(file)
      file = undefined
    },
  }
}

/** One that may not be read is like one that is not there, and so is what is no file: a screen goes on without it. */
function openIfThere(path: string): number | undefined {
  try {
    // A pipe would keep whoever opens it waiting.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    if (fstatSync(file).isFile()) return file
    closeSync(file)
    return undefined
  } catch {
    return undefined
  }
}

/** Nothing where the disk refuses it: on a network it may forget a file that was deleted. */
function sizeOf(file: number): number {
  try {
    return fstatSync(file).size
  } catch {
    return 0
  }
}

function readInto(file: number, bytes: Buffer, from: number): number {
  try {
    return readSync(file, bytes, 0, bytes.length, from)
  } catch {
    return 0
  }
}
