import { describe, expect, it } from 'vitest'
import { composePrompt, composeVerbatim, excerpt, fillParams } from '../../src/core/prompt.ts'

const nothing = { target_files: [], context: undefined, success_criteria: [], results: [], outputs: [], feedback: [], said: { comments: [], replies: [] } }

describe('what a model is given', () => {
  it('is the prompt byte by byte when nothing goes with it', () => {
    const prompt = '  # Odd\r\n\n```\n**Prompt:**\n```  \n'
    expect(composePrompt({ ...nothing, prompt })).toBe(prompt)
  })

  it('begins with the prompt, then each part in a tag of its own', () => {
    const text = composePrompt({
      ...nothing,
      prompt: 'Do it.',
      target_files: ['src/a.ts'],
      context: 'It is old.',
      success_criteria: ['It works'],
      results: [{ id: 'measure', title: 'Measure "all"', text: '# 12 files\n' }],
      outputs: ['report.md'],
    })
    expect(text).toBe(
      [
        'Do it.',
        '<target_files>\n- src/a.ts\n</target_files>',
        '<context>\nIt is old.\n</context>',
        '<success_criteria>\n- It works\n</success_criteria>',
        `<result task="measure" title="Measure 'all'">\n# 12 files\n</result>`,
        "<files_to_write>\nWrite each of these files as a fenced code block whose info string is the file's path:\n- report.md\n</files_to_write>",
      ].join('\n\n'),
    )
  })

  it('says after a failed check what was missing, and only that', () => {
    const text = composePrompt({
      ...nothing,
      prompt: 'Do it.',
      feedback: [
        { rule: 'contains', expected: 'contains "Risks"', found: 'no "Risks"', passed: false },
        { rule: 'min_length', expected: 'at least 3 characters', found: '40', passed: true },
      ],
    })
    expect(text).toContain('- expected: contains "Risks"; found: no "Risks"')
    expect(text).not.toContain('characters; found')
  })
})

describe('what an agent is given', () => {
  it('is the prompt byte by byte, with target files and context as a person would write them', () => {
    const prompt = '  # Odd\r\n\n```\n**Prompt:**\n```  \n'
    expect(composeVerbatim({ ...nothing, prompt })).toBe(prompt)
    const text = composeVerbatim({ ...nothing, prompt: 'Do it.', target_files: ['a.ts', 'b.ts'], context: 'It is old.', success_criteria: ['It works'] })
    expect(text).toBe('Do it.\n\n**Target Files:**\n\n- a.ts\n- b.ts\n\n**Context:**\n\nIt is old.')
  })

  it('is followed by what only we know: results, files to write, and what the last answer missed', () => {
    const more = {
      results: [{ id: 'measure', title: 'Measure', text: '12' }],
      outputs: ['report.md'],
      feedback: [{ rule: 'contains', expected: 'contains "Risks"', found: 'no "Risks"', passed: false }],
    }
    const tags = (text: string) => text.slice(text.indexOf('<result'))
    const text = composeVerbatim({ ...nothing, prompt: 'Do it.', ...more })
    expect(text.startsWith('Do it.\n\n<result task="measure"')).toBe(true)
    expect(tags(text)).toBe(tags(composePrompt({ ...nothing, prompt: 'Do it.', ...more })))
    expect(text).toContain('found: no "Risks"')
  })
})

describe('a forwarded result', () => {
  it('is whole when it is small', () => {
    expect(excerpt('abc', 3)).toBe('abc')
  })

  it('is its head and its tail when it is not, with a note of what is left out', () => {
    expect(excerpt('abcdefghij', 6)).toBe('abcd\n[… 4 of 10 characters left out …]\nij')
  })
})

describe('params', () => {
  it('fill the names that are declared, and leave other braces to the author', () => {
    expect(fillParams('{{who}} and {{ who }} and {{else}} and {{a b}}', { who: 'me' })).toBe('me and me and {{else}} and {{a b}}')
  })
})
