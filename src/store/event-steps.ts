import { open } from 'node:fs/promises'
import * as z from 'zod'

/** Bytes that are read at once; a longer line is read whole all the same. */
const CHUNK = 256 * 1024
const LINE_FEED = 0x0a

/** One line of an event log as it stands there, without its line end. */
export type EventLine = {
  seq: number
  type: string
  text: string
  /** Whether the next event belongs to the same step. */
  more: boolean
  /** The byte behind it. */
  to: number
}

/** All that has to be known of an event to hand it on. */
const Head = z.object({ seq: z.number().int().positive(), type: z.string(), more: z.literal(true).optional() })

/**
 * The next whole lines of an event log, as far as about a quarter of a megabyte goes; none at its end. They are not
 * looked into any further than to tell where a step ends: whoever gets them knows what events are.
 * @param from the byte that a line begins with
 */
export async function eventLines(path: string, from: number): Promise<EventLine[]> {
  const file = await open(path, 'r')
  try {
    for (let size = CHUNK; ; size *= 4) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(size), 0, size, from)
      const lines = linesIn(buffer.subarray(0, bytesRead), from)
      if (lines.length > 0 || bytesRead < size) return lines
    }
  } finally {
    await file.close()
  }
}

function linesIn(bytes: Buffer, from: number): EventLine[] {
  const lines: EventLine[] = []
  let start = 0
  for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
    const text = bytes.toString('utf8', start, end)
    const head = headOf(text)
    // What a crash has torn is cut off when the run is taken up again.
    if (head === undefined) return lines
    lines.push({ seq: head.seq, type: head.type, text, more: head.more === true, to: from + end + 1 })
    start = end + 1
  }
  return lines
}

function headOf(text: string): z.infer<typeof Head> | undefined {
  try {
    return Head.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
