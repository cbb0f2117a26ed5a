import { describe, expect, it } from 'vitest'
import { problemsIn, tasksIn, warningsIn } from './parse.ts'

const FRIDAY = `---
provider: local
model: llama3.1:8b
depends_on: thursday
---
# Friday

Some words about the day.

## Task 1: Look at the logs
**Type:** Research
**Priority:** High
**Requires Approval:** no
**Description:** The service restarts at night.
It has to stop.
**Acceptance Criteria:**
- [ ] the cause is named
- [ ] with a line of the log
**Claude Instruction:**
\`\`\`
Read the log.

## Task 9: not a task
\`\`\`

---

## Task 2: Mend it

**Type:** fix
**Requires Approval:** Yes
**Claude Instruction:**
> Mend what the research found.
> Write a test.

### Hint
start with the timer

## Task 3: Tell people
**Description:** Write three sentences for the changelog.
**Depends On:** Task 1
**Model:** llama3.1:70b
`

describe('a list of tasks for a day', () => {
  const [first, second, third] = tasksIn('tasks/2026-11-20.md', FRIDAY)

  it('has a task for each heading, named after the file and its number', () => {
    expect(tasksIn('tasks/2026-11-20.md', FRIDAY).map(({ id, title, line }) => ({ id, title, line }))).toEqual([
      { id: '2026-11-20.1', title: 'Look at the logs', line: 10 },
      { id: '2026-11-20.2', title: 'Mend it', line: 28 },
      { id: '2026-11-20.3', title: 'Tell people', line: 39 },
    ])
  })

  it('passes the instruction on as the prompt, with the description and the criteria beside it', () => {
    expect(first).toMatchObject({
      type: 'research',
      priority: 'high',
      requires_approval: false,
      work: { kind: 'prompt', prompt: 'Read the log.\n\n## Task 9: not a task' },
      context: 'The service restarts at night.\nIt has to stop.',
      success_criteria: ['the cause is named', 'with a line of the log'],
    })
    expect(second).toMatchObject({ requires_approval: true })
  })

  it('takes the description for the prompt where there is no instruction', () => {
    expect(third?.work).toEqual({ kind: 'prompt', prompt: 'Write three sentences for the changelog.' })
    expect(third?.context).toBeUndefined()
  })

  it('runs its tasks in order, unless one says otherwise', () => {
    expect([first, second, third].map((task) => task?.depends_on)).toEqual([['thursday'], ['2026-11-20.1'], ['2026-11-20.1']])
  })

  it('gives its front matter to every task, under what a task states itself', () => {
    expect([first, second, third].map((task) => [task?.provider, task?.model])).toEqual([
      ['local', 'llama3.1:8b'],
      ['local', 'llama3.1:8b'],
      ['local', 'llama3.1:70b'],
    ])
  })

  it('is found in files of Windows as well', () => {
    expect(tasksIn('a.md', FRIDAY.replaceAll('\n', '\r\n')).map(({ id }) => id)).toEqual(['a.1', 'a.2', 'a.3'])
  })
})

/** Id and title of the tasks of a list with this heading. */
function underHeading(line: string): string[] {
  return tasksIn('x.md', `${line}\n**Prompt:** p`).map(({ id, title }) => `${id} ${title}`)
}

describe('the tasks of a list', () => {
  it('may leave a label empty', () => {
    const [task] = tasksIn('x.md', '## Task 1: A\n**Type:**\n**Model:** \n\nDo this.\n')
    expect(task).toMatchObject({ title: 'A', work: { prompt: 'Do this.' } })
    expect([task?.type, task?.model]).toEqual([undefined, undefined])
  })

  it('may have names, and be called by number, name or heading', () => {
    const text = `## Task 1: A
**Id:** setup
**Prompt:** a
## Task 2: B
**Prompt:** b
**Depends On:** none
## Task 3: C
**Prompt:** c
**Depends On:** 1, task-2, elsewhere
## Task 4: D
**Prompt:** d
**Depends On:**
- setup
- Task 3
`
    expect(tasksIn('x.md', text).map(({ id, depends_on }) => [id, depends_on])).toEqual([
      ['setup', []],
      ['x.2', []],
      ['x.3', ['setup', 'x.2', 'elsewhere']],
      ['x.4', ['setup', 'x.3']],
    ])
  })

  it('may be written with other marks around the number', () => {
    expect(underHeading('### Task 1 - Title')).toEqual(['x.1 Title'])
    expect(underHeading('## TASK 2.1. Title')).toEqual(['x.2.1 Title'])
    expect(underHeading('## Task 3')).toEqual(['x.3 Task 3'])
    expect(underHeading('# Task 4b – Title ##')).toEqual(['x.4b Title'])
  })

  it('keep a heading of their own that is deeper', () => {
    const [task] = tasksIn('x.md', '## Task 1: A\n**Prompt:**\none\n### Details\ntwo\n')
    expect(task?.work).toMatchObject({ prompt: 'one\n### Details\ntwo' })
  })

  it('tell text after a list or a short label as context', () => {
    const [task] = tasksIn(
      'x.md',
      '## Task 1: A\n**Type:** fix\n**Estimate:** 2 h\n**Acceptance Criteria:**\n- a\n\n**Owner:** Ada\n**Prompt:** p\n',
    )
    expect(task).toMatchObject({ type: 'fix', success_criteria: ['a'], context: '**Estimate:** 2 h\n\n**Owner:** Ada' })
  })

  it('are told apart from what belongs to none', () => {
    const text = '## Task 1: A\n**Prompt:** p\n\n## Notes\nremember the milk\n\n## Task 2: B\n**Prompt:** q\n'
    expect(tasksIn('x.md', text)).toHaveLength(2)
    expect(warningsIn('x.md', text)).toEqual([
      'x.md:4:1: what stands under this heading belongs to no task and is left out; ' +
        'use a deeper heading, or a fenced block, for what belongs to the task above',
    ])
  })

  it('are all told what is wrong with them, each at its place', () => {
    const text =
      '---\nretries: 1000\n---\n## Task 1: A\n**Priority:** huge\n**Prompt:** p\n' +
      '## Task 2: B\n**Type:** fix\n## Task 3: C\n**Prompt:** p\n**Depends On:** Task 7\n'
    expect(problemsIn('x.md', text)).toEqual([
      'x.md:2:1: `retries` has to be a whole number from 0 to 100, and is 1000',
      'x.md:5:1: `Priority` has to be low, medium, high or critical, and is "huge"',
      'x.md:7:1: task `x.2` has nothing to do; give it a prompt or a command',
      'x.md:11:1: task `x.3` depends on `Task 7`, which is not the name of a task; ' +
        'a task in this file can be named by its number, one in another file by its id',
    ])
  })
})
