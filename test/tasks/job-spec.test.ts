import { describe, expect, it } from 'vitest'
import { problemsIn, tasksIn, warningsIn } from './parse.ts'

const JOB = `project: notes-api
task_description: |
  Add search to the notes API.

  Notes: keep {{style}} names.
provider: local
timeout_s: 120
depends_on: [review]
params: {style: short}
`

describe('a job spec', () => {
  const tasks = tasksIn('tasks/search.yaml', JOB)

  it('unfolds to an architect, then a builder beside a writer, then a tester', () => {
    expect(tasks.map(({ id, depends_on }) => [id, depends_on])).toEqual([
      ['search.architect', ['review']],
      ['search.builder', ['search.architect']],
      ['search.docs', ['search.architect']],
      ['search.qa', ['search.builder', 'search.docs']],
    ])
  })

  it('gives each role the description as it stands, and says who it is', () => {
    for (const { work } of tasks) {
      expect(work).toMatchObject({ kind: 'prompt', prompt: 'Add search to the notes API.\n\nNotes: keep short names.\n' })
    }
    const systems = tasks.map(({ work }) => (work.kind === 'prompt' ? work.system : undefined))
    expect(systems.map((system) => system?.split('.')[0])).toEqual([
      'You are the architect',
      'You are the builder',
      'You are the technical writer',
      'You are the tester',
    ])
  })

  it('gives its other keys to every role', () => {
    expect(tasks.map(({ title, provider, timeout_s, context }) => ({ title, provider, timeout_s, context }))).toEqual(
      ['Architect', 'Builder', 'Documentation', 'Quality assurance'].map((role) => ({
        title: `${role} (notes-api)`,
        provider: 'local',
        timeout_s: 120,
        context: undefined,
      })),
    )
  })

  it('adds a system prompt of its own to those of the roles', () => {
    const [architect] = tasksIn('a.yaml', 'task_description: x\nsystem: Answer in French.\n')
    expect(architect?.work).toMatchObject({ system: expect.stringMatching(/^You are the architect\.[^]*\n\nAnswer in French\.$/) })
  })

  it('may be written as JSON', () => {
    expect(tasksIn('a.json', '{"taskDescription": "x"}').map(({ id }) => id)).toEqual(['a.architect', 'a.builder', 'a.docs', 'a.qa'])
  })

  it('says what it does not act on', () => {
    expect(warningsIn('a.yaml', `task_description: x\nconcurrency: 2\noutput_dir: out\n`)).toEqual([
      'a.yaml:2:1: `concurrency` is not acted on: how many tasks run at once belongs to the run: use --concurrency',
      'a.yaml:3:1: `output_dir` is not acted on: what a task produces is filed under runs/<run>/outputs/<task>/',
    ])
  })

  it('needs a description that says something, and no other work', () => {
    expect(problemsIn('a.yaml', 'project: p\ntask_description:\n')).toEqual([
      'a.yaml:1:1: `task_description` is empty; write what is to be done',
    ])
    expect(problemsIn('a.yaml', 'task_description: x\nprompt: y\n')).toEqual([
      'a.yaml:1:1: a job states its work in `task_description`; remove `prompt` and `command`, or list `tasks`',
    ])
  })
})
