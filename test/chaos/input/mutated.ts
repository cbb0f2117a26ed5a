import fc from 'fast-check'

/** What is put between or in the place of bytes: signs that mean something to one of the readers, and what none expects. */
const PIECES = ['\0', '\uFEFF', '\u2028', '\uD800', '\u202e', '👋', '\r', '\n', '\n\n', '\t', ' ', '---\n', '```', '**', '# ', '- ', '> ', '{', '}', '[', ']', '"', "'", '\\', ':', ',', '&a ', '*a', '<<: ', '!!', '|', '..', '../', '/', '~/', '${A}', '{{x}}', '$(', '`', '*', '(', ')', 'null', 'true', '-1', '0', '1e999', '-0', '9'.repeat(400), '.nan', '__proto__', 'constructor', 'toString', '[['.repeat(200), '{"a":'.repeat(200), '- '.repeat(200), 'é'.repeat(50)]

type Change = { is: 'flip'; at: number; bit: number } | { is: 'cut' | 'repeat'; at: number; length: number; times: number } | { is: 'put'; at: number; piece: string } | { is: 'splice'; at: number; from: number; length: number; of: number } | { is: 'raw'; at: number; bytes: Uint8Array }

const at = fc.nat(100_000)
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ is: fc.constant('flip' as const), at, bit: fc.nat(7) }),
  fc.record({ is: fc.constantFrom('cut' as const, 'repeat' as const), at, length: fc.nat(60), times: fc.integer({ min: 2, max: 40 }) }),
  fc.record({ is: fc.constant('put' as const), at, piece: fc.constantFrom(...PIECES) }),
  fc.record({ is: fc.constant('splice' as const), at, from: at, length: fc.nat(200), of: at }),
  // Most of it is no UTF-8.
  fc.record({ is: fc.constant('raw' as const), at, bytes: fc.uint8Array({ maxLength: 8 }) }),
)

/** One of some texts with a few changes: bits turned, parts cut, repeated, mixed with another, and bytes that are no text. */
export function mutated(texts: readonly string[]): fc.Arbitrary<Buffer> {
  const bytes = texts.map((text) => Buffer.from(text))
  const of = (index: number) => bytes[index % bytes.length] ?? Buffer.alloc(0)
  return fc.tuple(fc.nat(bytes.length - 1), fc.array(change, { maxLength: 6 })).map(([first, changes]) => changes.reduce<Buffer>((now, each) => changed(now, each, of), Buffer.from(of(first))))
}

function changed(bytes: Buffer, by: Change, of: (index: number) => Buffer): Buffer {
  const place = by.at % (bytes.length + 1)
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)]
  switch (by.is) {
    case 'flip': {
      const turned = Buffer.from(bytes)
      const old = turned[place]
      if (old !== undefined) turned[place] = old ^ (1 << by.bit)
      return turned
    }
    case 'cut':
      return Buffer.concat([before, after.subarray(by.length)])
    case 'repeat':
      return Buffer.concat([before, ...Array.from({ length: by.times }, () => after.subarray(0, by.length)), after])
    case 'put':
      return Buffer.concat([before, Buffer.from(by.piece), after])
    case 'splice': {
      const other = of(by.of)
      const from = by.from % (other.length + 1)
      return Buffer.concat([before, other.subarray(from, from + by.length), after])
    }
    case 'raw':
      return Buffer.concat([before, by.bytes, after])
  }
}

/** Paths that want to lie elsewhere than they may. */
export const hostilePath: fc.Arbitrary<string> = fc
  .array(fc.constantFrom('..', '..', '.', '', 'a', 'a.ts', 'src', '~', 'C:', '\\', '..\\', '...', '%2e%2e', 'nul', '.git', '\0', '\u202e', 'é', ' ', '-rf', 'x'.repeat(300), 'link', 'output.md', '/', 'canary'), { minLength: 1, maxLength: 8 })
  .chain((steps) => fc.constantFrom('', '/', './', '../', '//').map((lead) => lead + steps.join('/')))
