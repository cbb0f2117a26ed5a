import { open } from 'node:fs/promises'
import { StringDecoder } from 'node:string_decoder'
import { errorCode } from '../core/error.ts'
import { attemptLogPath } from '../store/attempt-log.ts'
import type { RunFolder } from '../store/run-folder.ts'

/** A part of an attempt's log. Places are bytes. */
export type LogChunk = {
  text: string
  from: number
  /** Where the next part begins: never within a character. */
  next: number
  /** Bytes so far. */
  size: number
}

/** The shortest part: any character goes into it. */
const FEWEST_BYTES = 4

/**
 * A part of what an attempt has said, as far as it is on disk; empty where it has said nothing (yet).
 * @param from the byte that it begins with
 * @param bytes at most
 */
export async function logChunk(folder: RunFolder, task: string, attempt: number, from: number, bytes: number): Promise<LogChunk> {
  const file = await open(attemptLogPath(folder, task, attempt), 'r').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  })
  if (file === undefined) return { text: '', from, next: from, size: 0 }
  try {
    const { size } = await file.stat()
    const wanted = Math.max(0, Math.min(size - from, Math.max(FEWEST_BYTES, bytes)))
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, from)
    const decoder = new StringDecoder('utf8')
    const text = decoder.write(buffer.subarray(0, bytesRead))
    // What is left of a character that is not all there yet.
    const held = Buffer.byteLength(decoder.end()) === 0 ? 0 : heldBytes(buffer.subarray(0, bytesRead))
    return { text, from, next: from + bytesRead - held, size }
  } finally {
    await file.close()
  }
}

/** Bytes at the end that begin a character and do not end it (RFC 3629). */
function heldBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & 0xc0) === 0xc0) return back
    if ((byte & 0x80) === 0) return 0
  }
  return 0
}
