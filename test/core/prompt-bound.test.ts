import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { composePrompt, composeVerbatim, excerpt, promptBound, staticPromptBytes, type PromptParts, type Said } from '../../src/core/prompt.ts'
import { utf8Length } from '../../src/core/utf8-length.ts'
import { task } from './specs.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  // Halves of pairs too: what was cut in two.
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 }).map((units) => String.fromCharCode(...units)),
  fc.array(fc.constantFrom('a', 'é', '€', '😀', '\ud83d'), { maxLength: 200 }).map((letters) => letters.join('')),
)

const repliesOf = (text: fc.Arbitrary<string>): fc.Arbitrary<Said['replies'][number]> =>
  fc.oneof(
    fc.record({ question: fc.record({ kind: fc.constant('question' as const), asks: fc.array(fc.record({ text, options: fc.constant([] as { label: string }[]) }), { minLength: 1, maxLength: 3 }) }), reply: fc.record({ is: fc.constant('answered' as const), answers: fc.array(text, { maxLength: 3 }) }) }),
    fc.record({ question: fc.record({ kind: fc.constant('permission' as const), tool: text, rule: text, input: text }), reply: fc.constantFrom({ is: 'allowed' as const }, { is: 'denied' as const }) }),
  )

const partsOf = (text: fc.Arbitrary<string>) =>
  fc.record({
    prompt: text,
    system: fc.option(text, { nil: undefined }),
    target_files: fc.array(text, { maxLength: 3 }),
    context: fc.option(text, { nil: undefined }),
    success_criteria: fc.array(text, { maxLength: 3 }),
    outputs: fc.array(text, { maxLength: 3 }),
    results: fc.array(fc.record({ id: text, title: text, text }), { maxLength: 3 }),
    feedback: fc.array(fc.record({ rule: text, expected: text, found: text, passed: fc.boolean() }), { maxLength: 3 }),
    said: fc.record({ comments: fc.array(text, { maxLength: 3 }), replies: fc.array(repliesOf(text), { maxLength: 3 }) }),
  })

type Parts = PromptParts & { system: string | undefined }

/** What the bound says, and what a model is given: the larger of the two ways to compose it. */
function measure({ prompt, system, ...parts }: Parts, context_max_chars: number): { bound: number; real: number } {
  const { results, feedback, said, context, ...stated } = parts
  const spec = task('a', { work: { kind: 'prompt', prompt, system }, ...stated, ...(context === undefined ? {} : { context }) } as Parameters<typeof task>[1])
  const bound = promptBound({
    prompt_bytes: staticPromptBytes(spec),
    results: results.map(({ id, title, text }) => ({ id, title, size: Buffer.byteLength(text) })),
    feedback,
    said,
    context_max_chars,
  })
  // An output is read back from its file, where half a pair has become U+FFFD.
  const read = (text: string) => Buffer.from(text).toString()
  const forwarded = { ...parts, prompt, results: results.map((result) => ({ ...result, text: excerpt(read(result.text), context_max_chars) })) }
  const given = Math.max(Buffer.byteLength(composePrompt(forwarded)), Buffer.byteLength(composeVerbatim(forwarded)))
  return { bound, real: given + Buffer.byteLength(system ?? '') }
}

describe('the bound of a prompt', () => {
  it('is never below what a model is given, whatever goes with it and wherever results are cut', () => {
    fc.assert(
      fc.property(partsOf(anyText), fc.nat(250), (parts, max) => {
        const { bound, real } = measure(parts, max)
        expect(bound).toBeGreaterThanOrEqual(real)
      }),
      { numRuns: 500 },
    )
  })

  it('is close to it for plain text that is forwarded whole', () => {
    const plain = fc.string({ unit: 'grapheme-ascii', maxLength: 5_000 })
    fc.assert(
      fc.property(partsOf(plain), (parts) => {
        const { bound, real } = measure(parts, 5_000)
        expect(bound).toBeLessThanOrEqual(1.5 * real + 1_000)
      }),
    )
  })

  it('of a command is nothing: no model is asked', () => {
    expect(staticPromptBytes(task('a', { work: { kind: 'command', command: 'true' } }))).toBe(0)
  })
})

it('counts the bytes of any text as they are written', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(utf8Length(text)).toBe(Buffer.byteLength(text))
    }),
  )
})
