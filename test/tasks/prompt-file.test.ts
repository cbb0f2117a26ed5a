import { describe, expect, it } from 'vitest'
import { parse, problemsIn, promptIn, taskIn, warningsIn } from './parse.ts'

describe('a Markdown file with front matter', () => {
  const text = `---
model: llama3.1:8b
workspace: notes
status: pending
completion_criteria:
  contains: [endpoint, status code]
  min_length: 200
---

# List the endpoints

Write a table of all endpoints.
`

  it('is one task, named after its file', () => {
    expect(taskIn('tasks/list endpoints.md', text)).toEqual({
      id: 'list-endpoints',
      title: 'List the endpoints',
      priority: 'medium',
      file: 'tasks/list endpoints.md',
      line: 1,
      work: { kind: 'prompt', prompt: '# List the endpoints\n\nWrite a table of all endpoints.' },
      target_files: [],
      success_criteria: [],
      outputs: [],
      checks: [
        { rule: 'contains', value: ['endpoint', 'status code'] },
        { rule: 'min_length', value: 200 },
      ],
      params: {},
      depends_on: [],
      on_failure: 'block',
      requires_approval: false,
      model: 'llama3.1:8b',
      workspace: 'notes',
    })
  })

  it('tells its own status', () => {
    expect(parse('a.md', text)).toMatchObject({ status: 'pending' })
    expect(parse('a.md', 'Hello')).toMatchObject({ result: 'plan', status: undefined })
  })

  it('may have a title of its own, and an id', () => {
    expect(taskIn('a.md', '---\nid: endpoints\ntitle: All endpoints\n---\n# Other\n')).toMatchObject({
      id: 'endpoints',
      title: 'All endpoints',
    })
  })
})

describe('the prompt', () => {
  it.each([
    [
      'keeps its inner white space and its last blanks',
      '---\nid: a\n---\n\n  indented\n\n\tand tabs  \n\n',
      '  indented\n\n\tand tabs  \n',
    ],
    ['loses one empty line after the front matter, and no more', '---\nid: a\n---\n\n\nHello\n', '\nHello'],
    ['needs no empty line', '---\nid: a\n---\nHello', 'Hello'],
    ['keeps the line ends of Windows', '---\r\nid: a\r\n---\r\n\r\nOne\r\nTwo\r\n', 'One\r\nTwo'],
    ['loses a byte order mark', '\uFEFFHello\n', 'Hello'],
    ['keeps one in its midst', '\uFEFF---\nid: a\n---\nHel\uFEFFlo', 'Hel\uFEFFlo'],
    ['keeps letters of any script', 'Grüße, 世界 👋\n', 'Grüße, 世界 👋'],
    ['is the whole file where there is no front matter', '\n# Title\n\nText\n\n---\n\nMore\n', '\n# Title\n\nText\n\n---\n\nMore'],
    ['may end its front matter with dots', '---\nid: a\n...\nHello', 'Hello'],
    ['may follow an empty front matter', '---\n---\nHello', 'Hello'],
    ['keeps braces that are no params', '---\nparams: {name: Ada}\n---\n{{ name }} {{other}} {x}', 'Ada {{other}} {x}'],
  ])('%s', (_, text, prompt) => {
    expect(promptIn('a.md', text)).toBe(prompt)
  })

  it('is what the front matter says, if it does; then the body is background', () => {
    expect(taskIn('a.md', '---\nprompt: Summarise.\n---\nThe text.')).toMatchObject({
      work: { prompt: 'Summarise.' },
      context: 'The text.',
    })
  })

  it('stays as it is beside a description, which is background', () => {
    expect(taskIn('a.md', '---\ndescription: For the release.\n---\nWrite notes.')).toMatchObject({
      work: { prompt: 'Write notes.' },
      context: 'For the release.',
    })
  })
})

describe('a command in Markdown', () => {
  it('is the body, for the command provider', () => {
    expect(taskIn('a.md', '---\nprovider: command\n---\n\nnpm test\n').work).toEqual({ kind: 'command', command: 'npm test' })
  })

  it('may stand in a fenced block', () => {
    const text = '---\nprovider: command\n---\n```sh\nnpm ci\nnpm test\n```\n'
    expect(taskIn('a.md', text).work).toEqual({ kind: 'command', command: 'npm ci\nnpm test' })
  })

  it('is what the front matter says: a line, or a program and its arguments', () => {
    expect(taskIn('a.md', '---\ncommand: npm test\n---\n').work).toEqual({ kind: 'command', command: 'npm test' })
    expect(taskIn('a.md', '---\ncommand: [node, -e, "0"]\n---\n').work).toEqual({ kind: 'command', command: ['node', '-e', '0'] })
  })
})

describe('the title', () => {
  it.each([
    ['first heading', 'Hello\n\n## The *plan* ##\n\n# Later', 'The *plan*'],
    ['heading outside of code', '```\n# not this\n```\n# This', 'This'],
    ['file name', 'Hello', 'fix login'],
  ])('is the %s', (_, text, title) => {
    expect(taskIn('tasks/fix login.md', text).title).toBe(title)
  })
})

describe('what is wrong with front matter', () => {
  it.each([
    ['---\nid: a\nHello', '1:1: the front matter that opens here is not closed; end it with a line of three dashes: ---'],
    ['---\njust words\n---\nHello', '2:1: front matter consists of lines such as `model: llama3.1:8b`; this is something else'],
    [
      '---\nid: a\ntitle: Fix: the login\n---\nHello',
      '3:8: this is not valid YAML: Nested mappings are not allowed in compact mappings; put a value that contains ": " in quotes, and let keys of one map begin in one column',
    ],
    ['---\r\nid: a\r\ntimeout_s: soon\r\n---\r\nHello', '3:1: `timeout_s` has to be seconds, a number above 0 and at most three weeks, and is "soon"'],
    ['\uFEFF---\nid: a\nid: b\n---\nHello', '3:1: `id` is stated twice; keep one of them'],
    ['---\nid: a\n---\n\n \n', '1:1: task `a` has nothing to do; give it a prompt or a command'],
  ])('%j is told with its place', (text, problem) => {
    expect(problemsIn('a.md', text)).toEqual([`a.md:${problem}`])
  })
})

it('says so when headings of a list are read as one prompt, because no label makes tasks of them', () => {
  expect(warningsIn('a.md', '# Plan\n## Task 1: Look\nfirst\n## Task 2: Leap\nthen\n')).toEqual([
    'a.md:4:1: this file is read as one prompt; to make tasks of its headings, put labels such as **Description:** under them',
  ])
})
