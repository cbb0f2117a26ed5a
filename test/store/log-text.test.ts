import fc from 'fast-check'
import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { logText, type LogLine, type LogText } from '../../src/store/log-text.ts'
import { BLOCK, openPagedFile } from '../../src/store/paged-file.ts'
import { tempDir } from '../temp-dir.ts'

async function logOf(content: string | Buffer) {
  const path = join(await tempDir(), 'a.1.log')
  await writeFile(path, content)
  const file = openPagedFile(path)
  return { text: () => logText(file, file.size()), add: (more: string | Buffer) => appendFile(path, more), close: file.close }
}

function forwards(text: LogText): LogLine[] {
  const lines: LogLine[] = []
  for (let line = text.lineAt(0); line !== undefined; line = text.lineAt(line.to)) lines.push(line)
  return lines
}

function backwards(text: LogText): LogLine[] {
  const lines: LogLine[] = []
  for (let line = text.lineAt(text.end - 1); line !== undefined; line = text.lineAt(line.from - 1)) lines.unshift(line)
  return lines
}

const expected = (content: string) => (content.endsWith('\n') ? content.slice(0, -1) : content).split('\n')
/** Lines of very different lengths; one that fills a whole block by itself goes on as another, see below. */
const someLine = fc
  .tuple(fc.string({ unit: 'grapheme', maxLength: 10 }), fc.constantFrom(1, 1, 1, 1, 50, 300))
  .map(([text, times]) => text.replaceAll('\n', ' ').repeat(times))
  .filter((line) => Buffer.byteLength(line) < BLOCK)

it('gives the lines of a file, from the front and from the back, wherever characters are cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(someLine, { minLength: 1, maxLength: 12 }), fc.nat(BLOCK), async (lines, shift) => {
      const content = `${'.'.repeat(shift)}\n${lines.join('\n')}\nend`
      const { text, close } = await logOf(content)
      expect(forwards(text()).map((line) => line.text)).toEqual(expected(content))
      expect(backwards(text())).toEqual(forwards(text()))
      close()
    }),
    { numRuns: 40 },
  )
})

it('finds the line of any byte', async () => {
  const content = `first\n\n${'é'.repeat(20_000)}\nlast\n`
  const { text, close } = await logOf(content)
  const now = text()
  for (const line of forwards(now)) for (const byte of [line.from, (line.from + line.to) >> 1, line.to - 1]) expect(now.lineAt(byte)).toEqual(line)
  expect(now.lineAt(-1)).toBeUndefined()
  expect(now.lineAt(now.end)).toBeUndefined()
  close()
})

it('loses nothing of a line without an end: it goes on in lines that are short enough to show', async () => {
  const content = 'day ☀'.repeat(40_000)
  const { text, close } = await logOf(content)
  const lines = forwards(text())
  expect(lines.map((line) => line.text).join('')).toBe(content)
  expect(Math.max(...lines.map(({ from, to }) => to - from))).toBeLessThanOrEqual(2 * BLOCK)
  expect(backwards(text())).toEqual(lines)
  close()
})

it('keeps a line where it was when more comes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 30_000 }), { minLength: 2, maxLength: 5 }), async (parts) => {
      const { text, add, close } = await logOf('')
      let before: LogLine[] = []
      for (const part of parts) {
        await add(Buffer.from(part))
        const lines = forwards(text())
        expect(backwards(text())).toEqual(lines)
        // The last one may have grown.
        expect(lines.slice(0, Math.max(0, before.length - 1))).toEqual(before.slice(0, -1))
        before = lines
      }
      close()
    }),
    { numRuns: 30 },
  )
})

it('leaves out a character that has not come whole yet', async () => {
  const { text, add, close } = await logOf(Buffer.from('caf\u00e9').subarray(0, 4))
  expect(text().lineAt(0)?.text).toBe('caf')
  await add(Buffer.from('caf\u00e9').subarray(4))
  expect(text().lineAt(0)?.text).toBe('café')
  close()
})

it('takes whole lines in large pieces', async () => {
  const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index}`)
  const { text, close } = await logOf(`${lines.join('\n')}\n`)
  let all = ''
  for (let from = 0; from < text().end; ) {
    const piece = text().linesFrom(from, 1_000)
    expect(piece.to).toBeGreaterThan(from)
    expect(piece.text.endsWith('\n')).toBe(true)
    all += piece.text
    from = piece.to
  }
  expect(all).toBe(`${lines.join('\n')}\n`)
  close()
})

it('waits for a file that is not there yet', async () => {
  const path = join(await tempDir(), 'late.log')
  const file = openPagedFile(path)
  expect(file.size()).toBe(0)
  await writeFile(path, 'now\n')
  expect(logText(file, file.size()).lineAt(0)?.text).toBe('now')
  file.close()
})
