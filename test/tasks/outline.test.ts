import * as fc from 'fast-check'
import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { describe, expect, it } from 'vitest'
import { outline } from '../../src/tasks/syntax/outline.ts'

/** The numbers of the lines that are headings or labels. */
function structureOf(text: string): number[] {
  return outline(text, 0).marks.map(({ start }) => text.slice(0, start).split('\n').length)
}

/** The same, as a full Markdown parser sees it. */
function structureByParser(text: string): number[] {
  const tree = fromMarkdown(text, { extensions: [{ disable: { null: ['setextUnderline'] } }] })
  const headings = tree.children.flatMap((node) => (node.type === 'heading' ? [node.position?.start.line ?? 0] : []))
  const hidden = hiddenLines(tree)
  const labels = text.split('\n').flatMap((line, at) => (/^\*\*\w+:\*\*/.test(line) && !hidden.has(at + 1) ? [at + 1] : []))
  return [...headings, ...labels].sort((a, b) => a - b)
}

function hiddenLines(node: Nodes): Set<number> {
  const lines = new Set<number>()
  const { start, end } = node.position ?? { start: { line: 1 }, end: { line: 0 } }
  if (node.type === 'code' || node.type === 'html') for (let line = start.line; line <= end.line; line += 1) lines.add(line)
  if ('children' in node) for (const child of node.children) for (const line of hiddenLines(child)) lines.add(line)
  return lines
}

/** Plain text has an empty line before it: whether it belongs to the list above is the one thing where we differ. */
const LINES = [
  '## Task 1: a',
  '# b',
  '  # c',
  '   # d',
  '    # e',
  '\t# f',
  '#',
  '\n#g',
  '\n**Prompt:** x',
  '\n**Type:** x',
  '\n  **Type:** x',
  '```',
  '```ts',
  '````',
  '~~~',
  '  ```',
  '   ```',
  '    ```',
  '     ```',
  '  ~~~',
  '\t```',
  '\nx ```',
  '\n``` a`b',
  '- item',
  '  - inner',
  '    - deeper',
  '-   wide',
  '1. one',
  '10) ten',
  '- ```',
  '   - ```',
  '+ \t```',
  '-     ```',
  '- # h',
  '> quote',
  '> ```',
  '<!--',
  '\n-->',
  '<!-- x -->',
  '  <!--',
  '***',
  '',
  '',
  '\ntext',
  '\n  text',
  '    code',
]

describe('the structure of a Markdown text', () => {
  it('is the one that a full parser sees', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...LINES), { maxLength: 9 }), (lines) => {
        const text = lines.join('\n')
        expect(structureOf(text)).toEqual(structureByParser(text))
      }),
      { numRuns: 500 },
    )
  })

  it('goes on after a list or a quote, without an empty line between', () => {
    expect(structureOf('- a\n**Type:** x\n> b\n**Type:** y\n  - c\n## d')).toEqual([2, 4, 6])
  })

  it('knows where a block opens that nothing closes', () => {
    expect(outline('a\n```\nb\n```\n~~~\nc', 0).unclosed).toBe(12)
    expect(outline('a\n- ```\n  b\n\nc', 0).unclosed).toBeUndefined()
  })
})
