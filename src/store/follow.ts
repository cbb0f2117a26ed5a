import { open } from 'node:fs/promises'
import { StringDecoder } from 'node:string_decoder'
import { setTimeout as sleep } from 'node:timers/promises'

/** How often a file that grows is looked at. */
const LOOK_MS = 200

/**
 * The text of a file from its beginning, and what is added to it later.
 * @param isOver is asked whenever there is nothing new; the last look comes after it said yes
 */
export async function* followFile(path: string, isOver: () => Promise<boolean>): AsyncGenerator<string> {
  const file = await open(path, 'r')
  try {
    const decoder = new StringDecoder('utf8')
    const buffer = Buffer.allocUnsafe(64 * 1024)
    let over = false
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length)
      if (bytesRead > 0) yield decoder.write(buffer.subarray(0, bytesRead))
      else if (over) return
      else {
        over = await isOver()
        if (!over) await sleep(LOOK_MS)
      }
    }
  } finally {
    await file.close()
  }
}

/** Cuts pieces of text into whole lines. */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
