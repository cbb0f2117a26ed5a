import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filesInAnswer } from '../../src/core/answer-files.ts'

const block = (info: string, content = 'x\n') => `\`\`\`${info}\n${content}\`\`\`\n`
const paths = (answer: string, declared?: string[]) => filesInAnswer(answer, declared).map(({ path }) => path)

describe('a file in an answer', () => {
  it.each([
    ['ts src/app.ts', 'src/app.ts'],
    ['src/app.ts', 'src/app.ts'],
    ['ts:src/app.ts', 'src/app.ts'],
    ['path=src/app.ts', 'src/app.ts'],
    ['ts title="src/app.ts"', 'src/app.ts'],
    ["ts {1,3} filename='app.ts' showLineNumbers", 'app.ts'],
    ['ts file=src/app.ts', 'src/app.ts'],
    ['ts src/app.ts {1,3} title="My app"', 'src/app.ts'],
    ['{.python file="run.py"}', 'run.py'],
    ['md title="my notes.md"', 'my notes.md'],
    ['md "my notes.md"', 'my notes.md'],
    ['c++ main.cpp', 'main.cpp'],
    ['sh bin/run', 'bin/run'],
    ['README.md', 'README.md'],
    ['.gitignore', '.gitignore'],
    ['./a/./b.txt', 'a/./b.txt'],
    ['tsx app/[slug]/(group)/page.tsx', 'app/[slug]/(group)/page.tsx'],
    ['odd.xyz', 'odd.xyz'],
  ])('is named by the info string %s', (info, path) => {
    expect(filesInAnswer(block(info))).toEqual([{ path, content: 'x\n' }])
  })

  it.each([
    ['src/app.ts', 'src/app.ts'],
    ['### src/app.ts', 'src/app.ts'],
    ['**src/app.ts**', 'src/app.ts'],
    ['**src/app.ts:**', 'src/app.ts'],
    ['`src/app.ts`:', 'src/app.ts'],
    ['- `src/app.ts`', 'src/app.ts'],
    ['2. **`src/app.ts`**:', 'src/app.ts'],
    ['#### 1. `src/app.ts`', 'src/app.ts'],
    ['File: src/app.ts', 'src/app.ts'],
    ['**File:** `src/app.ts`', 'src/app.ts'],
    ['**File: src/app.ts**', 'src/app.ts'],
    ['Filename: "my notes.md"', 'my notes.md'],
    ['File: bin/run', 'bin/run'],
    ['package.json', 'package.json'],
    ['`.env.local`', '.env.local'],
    ['__init__.py', '__init__.py'],
    ['`../../x`', '../../x'],
  ])('is named by the line before: %s', (line, path) => {
    expect(paths(`${line}\n\n${block('ts')}`)).toEqual([path])
  })

  it('is named by its info string rather than by the line before', () => {
    expect(paths(`a.ts\n${block('ts b.ts')}`)).toEqual(['b.ts'])
  })

  it('keeps its path as it was stated, so that a bad one can be refused', () => {
    const bad = ['../x', '/etc/passwd', 'a/../../b.txt', '~/x.txt', 'a\\b.txt']
    expect(paths(bad.map((path) => block(`text ${path}`)).join('\n'))).toEqual(bad)
  })

  it('is the last one of its path', () => {
    const answer = [block('a.ts', '1\n'), block('b.ts', '2\n'), block('./a.ts', '3\n')].join('\n')
    expect(filesInAnswer(answer)).toEqual([
      { path: 'a.ts', content: '3\n' },
      { path: 'b.ts', content: '2\n' },
    ])
  })

  it('may be a plain word where the task asked for a file of that name', () => {
    expect(paths(block('Makefile'))).toEqual([])
    expect(paths(block('Makefile'), ['Makefile'])).toEqual(['Makefile'])
    expect(paths(`**LICENSE**\n${block('')}`, ['LICENSE'])).toEqual(['LICENSE'])
  })
})

describe('a block is no file', () => {
  it.each([
    '',
    'ts',
    'json',
    'c++',
    'html/css',
    'c/c++',
    'text/html',
    'application/vnd.api+json',
    'node.js',
    'text an example of src/app.ts',
    'ts title="How it works"',
    'ts title=Example',
    'js {1,3-5}',
    '12:15:src/app.ts',
    'http https://example.com/a.html',
    'sh npm run build',
    'text src/**/*.ts',
    'ts src/',
    `ts ${'a'.repeat(300)}.ts`,
  ])('with the info string %j', (info) => {
    expect(paths(block(info))).toEqual([])
  })

  it.each([
    'Here is src/app.ts:',
    'Edit `src/app.ts` as follows:',
    '### Request/Response',
    '**Yes/No**',
    '### `GET /users/list`',
    '`/api/users`',
    '- `cat notes.txt`',
    '`fs.readFile`',
    '### Node.js',
    'Version 1.2',
    'e.g.',
    'TCP/IP',
    'https://example.com/index.html',
    '---',
  ])('after the line %s', (line) => {
    expect(paths(`${line}\n${block('ts')}`)).toEqual([])
  })

  it('when it was cut off', () => {
    expect(paths('```ts src/app.ts\nconst a = ')).toEqual([])
  })

  it('when it is a diff of one', () => {
    expect(paths(`src/app.ts\n${block('diff')}${block('diff src/app.ts')}${block('diff fix.patch')}`)).toEqual(['fix.patch'])
    expect(paths(block('diff/lines.ts'))).toEqual(['diff/lines.ts'])
  })
})

describe('an answer', () => {
  it('gives back the files that were put into it', () => {
    const segment = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/)
    const path = fc.tuple(fc.array(segment, { maxLength: 3 }), segment, fc.constantFrom('ts', 'md', 'py', 'txt'))
    const file = fc.record({
      path: path.map(([folders, name, extension]) => [...folders, `${name}.${extension}`].join('/')),
      lines: fc.array(fc.string({ unit: fc.constantFrom('`', '~', '#', ' ', 'a', '/', '.', 'é') })),
      named: fc.constantFrom('info', 'language', 'title', 'line', 'heading'),
    })
    const uniqueFiles = fc.uniqueArray(file, { selector: (one) => one.path })
    fc.assert(
      fc.property(uniqueFiles, (files) => {
        const expected = files.map(({ path, lines }) => ({ path, content: lines.map((line) => `${line}\n`).join('') }))
        const answer = files.map(({ path, lines, named }, index) => {
          const fence = '`'.repeat(Math.max(3, ...lines.map((line) => line.length + 1)))
          const opening = {
            info: `${fence}${path}`,
            language: `${fence}text ${path}`,
            title: `${fence}ts title="${path}"`,
            line: `${path}:\n\n${fence}`,
            heading: `### **\`${path}\`**\n${fence}ts`,
          }[named]
          return `Some words.\n\n${opening}\n${expected[index]?.content ?? ''}${fence}\n`
        })
        expect(filesInAnswer(answer.join('\n'))).toEqual(expected)
      }),
    )
  })

  it('is read in a time that grows with its length only, whatever it holds', () => {
    const long = 200_000
    const lines = ['a-', ' ', '`', '*_', '{', './', '[a]('].map((piece) => `${piece.repeat(long)}:`)
    const started = performance.now()
    for (const line of lines) filesInAnswer(`${line}\n~~~${line}\n~~~\n`)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
