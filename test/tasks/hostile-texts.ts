import * as fc from 'fast-check'

export const FILES = ['a.md', 'a.task.md', 'a.yaml', 'a.json'] as const

const SEEDS: readonly string[] = [
  '---\nid: a\nmodel: m\nchecks: {contains: x}\nparams: {n: 1}\n---\n\n# T\n\nHello {{n}}\n',
  '# T\n\n**Target Files:**\n- a\n\n**Prompt:**\n```\nx\n```\n**Success Criteria:**\n- [ ] b\n**Context:** c\n',
  '## Task 1: A\n**Type:** fix | **Priority:** p1\n**Checks:**\n- min_length: 3\n**Claude Instruction:**\n> x\n\n---\n' +
    '## Task 2: B\n**Prompt:** y\n',
  'project: p\ntask_description: |\n  x\n  y\nconcurrency: 2\n',
  'provider: p\ntasks:\n  - &x {id: a, prompt: "x"}\n  - command: [a, "b"]\n    depends_on: [a, 1]\n  - *x\n',
  '{"defaults": {"retries": 1}, "tasks": [{"id": "a", "prompt": "x\\u00e4"}, {"command": ["a"], "depends_on": "a"}]}',
]

const PIECES = [
  '\n',
  '\r\n',
  '\r',
  '\t',
  '  ',
  '---\n',
  '...\n',
  '```',
  '~~~',
  '**',
  ':**',
  '**Prompt:**',
  '**Type:**',
  '## Task 1',
  '# ',
  '> ',
  '- ',
  '- [ ] ',
  '<!--',
  '-->',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  "'",
  '&a ',
  '*a',
  '!t ',
  '|',
  '>',
  '?',
  '%',
  '@',
  '`',
  '\\',
  '\uFEFF',
  '\0',
  '\u2028',
  '👋',
  '\uD800',
  'null',
  '1e999',
  '.nan',
  '__proto__: ',
  'constructor: ',
  '"__proto__":',
  'tasks: ',
  'id: ',
  'params: ',
  'checks: ',
  'depends_on: ',
  '{{n}}',
  '<<: ',
  '0x',
  '2026-11-20',
]

/** A readable file with a few pieces put in, taken out or doubled. */
export const mutated = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.array(fc.record({ at: fc.nat(400), cut: fc.nat(12), piece: fc.constantFrom(...PIECES), times: fc.integer({ min: 0, max: 3 }) }), {
      maxLength: 5,
    }),
  )
  .map(([seed, edits]) =>
    edits.reduce((text, { at, cut, piece, times }) => {
      const from = at % (text.length + 1)
      return text.slice(0, from) + piece.repeat(times) + text.slice(from + cut)
    }, seed),
  )
/** Files that are nearly right, heaps of punctuation, and noise. */
export const texts = fc.oneof(
  mutated,
  mutated,
  fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
)
