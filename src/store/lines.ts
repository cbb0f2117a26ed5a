import { open } from 'node:fs/promises'
import { StringDecoder } from 'node:string_decoder'

const CHUNK = 1 << 20

/**
 * The lines of a file with their line ends, in constant memory: as many at a time as were read, because to wait for each costs
 * more than to parse it.
 * @param from the byte that the first of them begins with
 */
export async function* linesOf(path: string, from = 0): AsyncGenerator<string[]> {
  const file = await open(path, 'r')
  try {
    const decoder = new StringDecoder('utf8')
    const buffer = Buffer.allocUnsafe(CHUNK)
    let rest = ''
    let at = from
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK, at)
      at += bytesRead
      rest += bytesRead === 0 ? decoder.end() : decoder.write(buffer.subarray(0, bytesRead))
      const lines: string[] = []
      let start = 0
      for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', start)) {
        lines.push(rest.slice(start, end + 1))
        start = end + 1
      }
      rest = rest.slice(start)
      yield lines
      if (bytesRead === 0) break
    }
    if (rest !== '') yield [rest]
  } finally {
    await file.close()
  }
}
