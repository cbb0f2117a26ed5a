import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TaskSpec } from '../../src/core/task.ts'
import { FILES, texts } from './hostile-texts.ts'
import { parse } from './parse.ts'

function filled(piece: string, size: number): string {
  return piece.repeat(Math.ceil(size / piece.length))
}

describe('whatever a file says', () => {
  it('gives valid tasks, or problems that say something', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FILES), texts, (file, content) => {
        const parsed = parse(file, content)
        if (parsed.result === 'plan') {
          expect(parsed.tasks.length).toBeGreaterThan(0)
          for (const task of parsed.tasks) expect(TaskSpec.parse(JSON.parse(JSON.stringify(task)))).toEqual(task)
        } else {
          expect(parsed.problems.length).toBeGreaterThan(0)
          for (const { file: named, message } of parsed.problems) expect([named, message.length > 10]).toEqual([file, true])
        }
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    'words of a text\n',
    '\n',
    '# \n',
    '- a\n',
    '- ',
    '1. ',
    '> ',
    '```\n',
    '   - ```\n',
    '`',
    '**',
    '<!--\n',
    ' ',
    '\t',
    '**Type:** x ',
    '**Prompt:**\n',
    '## Task 1\n',
    '## Task 1: x\n**Type:** fix\n**Prompt:** p\n',
    '**Depends On:** 1,',
    '**Promt:**\n',
  ])('Markdown full of %j is read in time', (piece) => {
    const start = performance.now()
    for (const before of ['', '# T\n**Prompt:** ', '# ']) parse('a.md', before + filled(piece, 60_000))
    expect(performance.now() - start).toBeLessThan(3000)
  })

  it.each(['a: b\n', '- a\n', '"', '\\"', ': ', '? ', '&a ', '*a ', '---\n', '%\n', ']\n', ',', '\n', '#\n', 'a: '])(
    'YAML full of %j is read in time',
    (piece) => {
      const start = performance.now()
      for (const before of ['', '"', '[']) parse('a.yaml', before + filled(piece, 10_000))
      parse('a.json', `["${filled(piece, 150_000)}`)
      expect(performance.now() - start).toBeLessThan(3000)
    },
  )

  const size = 20_000
  it.each([
    ['a.json', '['.repeat(size) + ']'.repeat(size)],
    ['a.json', `${'{"a":'.repeat(size)}1${'}'.repeat(size)}`],
    ['a.yaml', `${'{"a":'.repeat(size)}1${'}'.repeat(size)}`],
    ['a.yaml', '- '.repeat(size)],
    ['a.md', `---\na: ${'['.repeat(size)}\n---\nx`],
  ])('%s with maps and lists in each other without end is refused', (file, content) => {
    expect(parse(file, content)).toMatchObject({ result: 'broken', problems: [{ message: expect.stringContaining('write it flatter') }] })
  })

  it('a plan of more tasks than anybody writes is refused', () => {
    const message = 'this file has 100001 tasks, and at most 100000 are read; split it'
    expect(parse('a.json', `[${'{},'.repeat(100_000)}{}]`.replace(/^(.*)$/, '{"tasks":$1}'))).toMatchObject({ problems: [{ message }] })
    expect(parse('a.md', '# Task 1\n**Id:** a\n'.repeat(100_001))).toMatchObject({ problems: [{ message }] })
  })

  it('a few aliases that unfold to billions are refused', () => {
    const lines = Array.from({ length: 40 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`)
    expect(parse('a.yaml', ['prompt: x', 'a0: &a0 [x]', ...lines].join('\n'))).toMatchObject({
      result: 'broken',
      problems: [{ message: 'this unfolds to too much data; use fewer aliases' }],
    })
  })

  it('names that are special to JavaScript are only names', () => {
    expect(parse('a.yaml', '__proto__: {id: evil}\nconstructor: 1\nprompt: x\n')).toMatchObject({ result: 'plan', tasks: [{ id: 'a' }] })
    expect(parse('a.json', '{"__proto__": {"id": "evil"}, "prompt": "{{toString}}"}')).toMatchObject({
      tasks: [{ id: 'a', work: { prompt: '{{toString}}' } }],
    })
    expect(Object.prototype).not.toHaveProperty('id')
  })
})
