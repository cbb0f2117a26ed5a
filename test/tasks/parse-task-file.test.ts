import { describe, expect, it } from 'vitest'
import { idFromStem, stemOf } from '../../src/tasks/ids.ts'
import { looksLikeTaskFile } from '../../src/tasks/parse-task-file.ts'
import { parse, problemsIn, taskIn } from './parse.ts'

describe('a file that cannot be a task', () => {
  it.each(['', '\n \n', '\uFEFF'])('is refused when it is empty: %j', (text) => {
    for (const file of ['a.md', 'a.yaml', 'a.json']) {
      expect(problemsIn(file, text)).toEqual([`${file}: the file is empty; write the prompt into it, or start from a sample: tutti new`])
    }
  })

  it.each(['\0', '\u001B[31m', '\uFFFD', '\u0085'])('is refused when it is binary: %j', (byte) => {
    expect(problemsIn('a.md', `Hello\nwor${byte}ld`)).toEqual([
      'a.md:2:4: this is not text: a task file is UTF-8 without control characters; save it as such',
    ])
  })

  it('is refused when its name does not say what it is', () => {
    expect(problemsIn('a.txt', 'Hello')).toEqual([
      'a.txt: the name does not say what this is; a task file ends in .md, .markdown, .yaml, .yml or .json',
    ])
  })
})

describe('a prompt that is too big', () => {
  const advice = 'shorten it, split the task, or raise `context.max_prompt_bytes` in config.json'

  it.each([
    ['a.md', 'ä'.repeat(11), '1:1'],
    ['a.md', `---\nprompt: ${'ä'.repeat(11)}\n---\n`, '2:1'],
    ['a.yaml', `id: a\ntask_description: ${'ä'.repeat(11)}\ntasks: [{id: a, model: m}]\n`, '2:1'],
  ])('is refused in %s, whatever its alphabet', (file, text, place) => {
    expect(problemsIn(file, text, { max_prompt_bytes: 21 })).toEqual([
      `${file}:${place}: the prompt of task \`a\` has 22 bytes, and at most 21 are sent; ${advice}`,
    ])
    expect(parse(file, text, { max_prompt_bytes: 22 }).result).toBe('plan')
  })

  it('of megabytes is refused as quickly', () => {
    expect(problemsIn('a.md', 'words '.repeat(900_000))).toEqual([
      `a.md:1:1: the prompt of task \`a\` has 5400000 bytes, and at most 10000 are sent; ${advice}`,
    ])
  })

  it('and YAML that is too big for its parser point to JSON', () => {
    expect(problemsIn('a.yaml', `prompt: ${'x'.repeat(2_000_000)}`)).toEqual([
      'a.yaml:1:1: this has 2000008 characters of YAML, and at most 2000000 are read; write a big plan as JSON',
    ])
  })
})

describe('the id of a task that its file does not name', () => {
  it.each([
    ['tasks/pending/fix login.md', 'fix-login'],
    ['/abs/a.b.task.md', 'a.b'],
    ['2026-11-20.yaml', '2026-11-20'],
    ['_draft (2).markdown', 'draft-2'],
    ['Résumé.md', 'Resume'],
  ])('of %s is %s', (file, id) => {
    expect(taskIn(file, file.endsWith('yaml') ? 'prompt: x' : 'x').id).toBe(id)
  })

  it('differs for files whose names differ only in letters that an id cannot have', () => {
    const ids = ['日本', '中国', '日本-1', '中国-1', `${'x'.repeat(200)}1`, `${'x'.repeat(200)}2`].map((stem) => idFromStem(stem))
    expect(new Set(ids).size).toBe(6)
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9][\w.-]{0,79}$/)
    expect(stemOf('日本.md')).toBe('日本')
  })
})

describe('a name', () => {
  it.each(['a.md', 'A.MD', 'a.markdown', 'x.task.md', 'plan.yaml', 'plan.yml', 'plan.json', 'tasks/pending/ü b.md', 'a~b.md'])(
    '%s is that of a task file',
    (name) => expect(looksLikeTaskFile(name)).toBe(true),
  )

  it.each([
    'a.txt',
    'a',
    '4913',
    '.a.md',
    '.#a.md',
    '#a.md#',
    'a.md~',
    '.a.md.swp',
    'a.md.swp',
    '~$a.md',
    'a.md.1234567',
    'a.md.part',
    '.md',
    '.gitkeep',
  ])('%s is not', (name) => expect(looksLikeTaskFile(name)).toBe(false))
})
