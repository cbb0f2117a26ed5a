import { describe, expect, it } from 'vitest'
import { problemsIn, promptIn, taskIn, tasksIn, warningsIn } from './parse.ts'

const LOGIN = `---
id: fix-login
type: fix
priority: high
created: 2026-11-20
---

# Fix the login

**Target Files:**
- \`src/login.ts\`
- src/session.ts

**Prompt:**
The login fails for names with a space.

## What to do
Trim the name:

\`\`\`md
**Context:** this is code
# so is this
\`\`\`

**Note:** keep the tests.

**Success Criteria:**
- [ ] a name with a space logs in
- [x] the tests pass,
      all of them

**Context:**
Reported twice this week.
`

describe('a .task.md file', () => {
  it('has title, files, prompt, criteria and context', () => {
    expect(taskIn('tasks/fix-login.task.md', LOGIN)).toEqual({
      id: 'fix-login',
      title: 'Fix the login',
      type: 'fix',
      priority: 'high',
      file: 'tasks/fix-login.task.md',
      line: 8,
      work: {
        kind: 'prompt',
        prompt:
          'The login fails for names with a space.\n\n## What to do\nTrim the name:\n\n' +
          '```md\n**Context:** this is code\n# so is this\n```' +
          '\n\n**Note:** keep the tests.',
      },
      target_files: ['src/login.ts', 'src/session.ts'],
      context: 'Reported twice this week.',
      success_criteria: ['a name with a space logs in', 'the tests pass, all of them'],
      outputs: [],
      checks: [],
      params: {},
      depends_on: [],
      on_failure: 'block',
      requires_approval: false,
    })
  })

  it('is known by its structure under any name', () => {
    expect(taskIn('login.md', LOGIN)).toMatchObject({ title: 'Fix the login', target_files: ['src/login.ts', 'src/session.ts'] })
  })

  it('is named after its file where it has no id', () => {
    expect(taskIn('tasks/Fix Login.task.md', '# T\n\n**Prompt:** x').id).toBe('Fix-Login')
  })

  it('takes its prompt from the text under the title where nothing is labelled so', () => {
    expect(taskIn('a.task.md', '# Title\n\nDo this.\n\n**Target Files:** a.ts, `b.ts`\n')).toMatchObject({
      title: 'Title',
      work: { prompt: 'Do this.' },
      target_files: ['a.ts', 'b.ts'],
    })
  })

  it('tells the text that stands under no label as context', () => {
    expect(taskIn('a.task.md', 'Before.\n\n# Title\n\nAfter.\n\n**Prompt:** Do this.\n\n**Context:** Told.\n').context).toBe(
      'Before.\n\nAfter.\n\nTold.',
    )
  })

  it('takes the labels over its front matter', () => {
    expect(taskIn('a.task.md', '---\npriority: low\nmodel: m\n---\n# T\n**Priority:** High\n**Prompt:** x').priority).toBe('high')
  })

  it('says when nothing is to be done', () => {
    expect(problemsIn('a.task.md', '---\nid: a\n---\n# Title\n\n**Prompt:**\n\n**Context:** c\n')).toEqual([
      'a.task.md:4:1: task `a` has nothing to do; give it a prompt or a command',
    ])
  })
})

describe('the prompt under a label', () => {
  it.each([
    ['may stand on the label’s line', '**Prompt:** Do this.\nAnd that.', 'Do this.\nAnd that.'],
    ['may have the colon outside', '**Prompt**: Do this.', 'Do this.'],
    ['keeps its indentation and empty lines', '**Prompt:**\n\n    code\n\n\ntext\n\n', '    code\n\n\ntext'],
    ['keeps the line ends of Windows', '**Prompt:**\r\nOne\r\n\r\nTwo\r\n\r\n', 'One\r\n\r\nTwo'],
    ['is the content of a block that is all of it', '**Prompt:**\n~~~text\n  One\n\n**Context:** no\n~~~\n', '  One\n\n**Context:** no'],
    ['keeps its fences beside other text', '**Prompt:**\nRun:\n```\nx\n```\n', 'Run:\n```\nx\n```'],
    ['keeps the fences of two blocks', '**Prompt:**\n```\nx\n```\n```\ny\n```\n', '```\nx\n```\n```\ny\n```'],
    ['loses the marks of a quote that is all of it', '**Prompt:**\n> One\n>\n>   two\n>three\n', 'One\n\n  two\nthree'],
    [
      'may contain a label in a list or a comment',
      '**Prompt:**\n- a\n  **Context:** b\n<!--\n**Context:** c\n-->',
      '- a\n  **Context:** b\n<!--\n**Context:** c\n-->',
    ],
  ])('%s', (_, body, prompt) => {
    expect(promptIn('a.task.md', `# T\n\n${body}\n\n**Target Files:** x`)).toBe(prompt)
  })

  it('ends at a label right after a list', () => {
    expect(taskIn('a.task.md', '# T\n**Prompt:**\n- a\n- b\n**Context:** c')).toMatchObject({ work: { prompt: '- a\n- b' }, context: 'c' })
  })
})

describe('labels', () => {
  it('state any key of a task', () => {
    const text = `# T
**Depends On:** first, second
**Timeout S:** 30 | **Retries:** 2 | **Requires Approval:** Yes
**Checks:**
- contains: done
- min-length: 10
**Params:** {lang: French}
**Prompt:** Say it in {{lang}}.
`
    expect(taskIn('a.task.md', text)).toMatchObject({
      depends_on: ['first', 'second'],
      timeout_s: 30,
      retries: 2,
      requires_approval: true,
      checks: [
        { rule: 'contains', value: 'done' },
        { rule: 'min_length', value: 10 },
      ],
      work: { prompt: 'Say it in French.' },
    })
  })

  it('tell what is wrong at their own place, and inside of them', () => {
    expect(problemsIn('a.task.md', '# T\n\n**Prompt:** x\n\n**Retries:** many\n')).toEqual([
      'a.task.md:5:1: `Retries` has to be a whole number from 0 to 100, and is "many"',
    ])
    expect(problemsIn('a.task.md', '# T\n**Prompt:** x\n**Checks:**\n```yaml\n- contains: x\n- min_length: long\n```\n')).toEqual([
      'a.task.md:6:3: `min_length` is "long"; expected: a number of characters above 0',
    ])
  })

  it('may share a line, and are told apart in it', () => {
    expect(problemsIn('a.task.md', '# T\n**Type:** fix · **Retries:** many | **Tier:** local\n**Prompt:** x\n')).toEqual([
      'a.task.md:2:17: `Retries` has to be a whole number from 0 to 100, and is "many"',
    ])
  })

  it('are not stated twice', () => {
    expect(problemsIn('a.task.md', '# T\n**Prompt:** x\n**Context:** a\n\n**Context:** b')).toEqual([
      'a.task.md:5:1: **Context:** is stated twice in this task; keep one of them, or put what belongs to a prompt in a fenced block',
    ])
  })

  it('that are unknown are text; a misspelt one is pointed out', () => {
    const text = '# T\n**Prompt:** x\n**Note:** y\n**Sucess Criteria:**\n- a\n'
    expect(promptIn('a.task.md', text)).toBe('x\n**Note:** y\n**Sucess Criteria:**\n- a')
    expect(warningsIn('a.task.md', text)).toEqual(['a.task.md:4:1: **Sucess Criteria:** is read as text; did you mean `success_criteria`?'])
  })

  it('that are hidden by a block which is never closed are pointed out', () => {
    expect(warningsIn('a.task.md', '# T\n**Prompt:** x\n```\ncode\n**Context:** y\n')).toEqual([
      'a.task.md:3:1: what opens here is never closed, so all below belongs to it; close it',
    ])
  })
})

it('a prompt that only mentions a label stays a prompt', () => {
  const text = 'Rewrite this:\n\n**Prompt:** a cat\n'
  expect(promptIn('a.md', text)).toBe('Rewrite this:\n\n**Prompt:** a cat')
  expect(tasksIn('a.md', text)).toHaveLength(1)
})
