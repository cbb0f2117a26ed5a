import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Lines } from '../../src/process/lines.ts'

function linesOf(chunks: readonly Uint8Array[], longest?: number): string[] {
  const taken: string[] = []
  const lines = new Lines((line) => taken.push(line), longest)
  for (const chunk of chunks) lines.push(chunk)
  lines.end()
  return taken
}

it('gives the same lines wherever the pieces were cut', () => {
  const text = fc.array(fc.constantFrom('a', 'ü', '€', '\n', '\r\n', '𝄞', '{}')).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, fc.array(fc.nat(40)), (whole, cuts) => {
      const bytes = Buffer.from(whole)
      const at = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]
      const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end))
      expect(linesOf(chunks)).toEqual(whole.split(/\r?\n/).filter((line) => line !== ''))
    }),
  )
})

it('leaves out a line that is too long, and nothing of those beside it', () => {
  const pieces = ['one\n', 'x'.repeat(6), 'x'.repeat(6), '\ntwo\n12345678901\n1234567890\n', 'y'.repeat(11)]
  expect(linesOf(pieces.map((piece) => Buffer.from(piece)), 10)).toEqual(['one', 'two', '1234567890'])
})
