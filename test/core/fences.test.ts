import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scanFences } from '../../src/core/fences.ts'

const text = (...lines: string[]) => lines.join('\n')

describe('the fenced code blocks of a text', () => {
  it('are found with info string, content, line and the line before', () => {
    expect(scanFences(text('# Title', '', 'look here:', '', '```ts  title=x ', 'const a = 1', '', '```', 'end'))).toEqual([
      { info: 'ts  title=x', content: 'const a = 1\n\n', line: 5, before: 'look here:', closed: true },
    ])
  })

  it('may be made of tildes, and hold backticks then', () => {
    expect(scanFences(text('~~~ `a`', '```', '~~~'))).toMatchObject([{ info: '`a`', content: '```\n', closed: true }])
  })

  it('end at a fence that is at least as long, of the same kind, with nothing after it', () => {
    const inner = text('```', '~~~~', '```` x', '    ````')
    expect(scanFences(text('````', inner, '  `````  ', 'after'))).toMatchObject([{ content: `${inner}\n`, closed: true }])
  })

  it('are not a code span, nor what is indented by four spaces', () => {
    expect(scanFences(text('```not `a` fence', '    ```', '``', '\t```'))).toEqual([])
  })

  it('lose the indentation of their opening fence', () => {
    expect(scanFences(text('   ```', '     a', ' b', 'c', '   ```'))).toMatchObject([{ content: '  a\nb\nc\n' }])
  })

  it('are told as cut off when the text ends before they do', () => {
    expect(scanFences(text('```', 'a', '``'))).toMatchObject([{ content: 'a\n``', closed: false }])
    expect(scanFences('~~~')).toMatchObject([{ content: '', closed: false }])
  })

  it('keep their line ends', () => {
    expect(scanFences('```js\r\na\r\n\r\n```\r\n')).toMatchObject([{ info: 'js', content: 'a\r\n\r\n', closed: true }])
  })

  it('do not share the line before', () => {
    expect(scanFences(text('first', '```', '```', '', '```', '```')).map(({ before }) => before)).toEqual(['first', ''])
  })

  it('are scanned in a time that grows with the length only', () => {
    const hostile = ['`'.repeat(300_000), `\`\`\`${' '.repeat(300_000)}x`, '~'.repeat(300_000), '```\n'.repeat(100_000)]
    const started = performance.now()
    for (const one of hostile) scanFences(one)
    expect(performance.now() - started).toBeLessThan(5000)
  })

  it('come back whatever their content is, when the fence is long enough', () => {
    const line = fc.string({ unit: fc.constantFrom('`', '~', ' ', 'a', '\t') })
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('`', '~'), (lines, mark) => {
        const content = lines.map((one) => `${one}\n`).join('')
        const fence = mark.repeat(Math.max(3, ...lines.map((one) => one.length + 1)))
        expect(scanFences(`${fence}x\n${content}${fence}`)).toMatchObject([{ info: 'x', content, closed: true }])
      }),
    )
  })
})
