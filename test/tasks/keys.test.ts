import { describe, expect, it } from 'vitest'
import { TaskKeys } from '../../src/tasks/keys.ts'
import { problemsIn, promptIn, taskIn, warningsIn } from './parse.ts'

const withFront = (front: string) => `---\n${front}\n---\nHello {{name}}`
const task = (front: string) => taskIn('a.md', withFront(front))

describe('a key', () => {
  it.each(['depends_on', 'depends-on', 'dependsOn', 'Depends On', 'DEPENDS_ON'])('may be spelled %s', (name) => {
    expect(task(`${name}: b`).depends_on).toEqual(['b'])
  })

  it('is not stated in two spellings', () => {
    expect(problemsIn('a.md', withFront('dependsOn: b\ndepends_on: c'))).toEqual([
      'a.md:3:1: `depends_on` is stated twice, in two spellings; keep one of them',
    ])
  })

  it('that nobody knows is left out, naming the one that is near', () => {
    expect(warningsIn('a.md', withFront('max_cost: 1'))).toEqual(['a.md:2:1: `max_cost` is not a key that Tutti knows, and is left out; did you mean `max_cost_usd`?'])
    expect(warningsIn('a.md', withFront('modle: m\ntags: [a]\ntempreture: 1'))).toEqual([
      'a.md:2:1: `modle` is not a key that Tutti knows, and is left out; did you mean `model`?',
      'a.md:3:1: `tags` is not a key that Tutti knows, and is left out',
      'a.md:4:1: `tempreture` is not a key that Tutti knows, and is left out; did you mean `temperature`?',
    ])
  })

  it('says where a person decides, and what holds when nobody does', () => {
    const text = 'review: yes\ngate_timeout_s: 3600\non_timeout: Reject\non_question: default\nmax_questions: 2\npermissions:\n  allow: [Bash(npm test), Edit]\n  deny: [WebFetch]'
    expect(task(text)).toMatchObject({ review: true, gate_timeout_s: 3600, on_timeout: 'reject', on_question: 'default', max_questions: 2, permissions: { allow: ['Bash(npm test)', 'Edit'], deny: ['WebFetch'], ask: [] } })
  })

  it('that holds a rule which is none says so', () => {
    expect(() => task('permissions:\n  allow: ["Bash(npm test"]')).toThrow('is no rule for a tool')
  })

  it('with nothing after it states nothing', () => {
    const { model, depends_on } = task('model:\ndepends_on:\nretries: ~\nchecks:')
    expect([model, depends_on]).toEqual([undefined, []])
  })

  it('has a description, whichever it is', () => {
    expect(Object.values(TaskKeys.shape).filter(({ description }) => description === undefined)).toEqual([])
  })
})

describe('values', () => {
  it.each([
    ['low', 'low'],
    ['HIGH', 'high'],
    ['normal', 'medium'],
    ['Urgent', 'critical'],
    ['p0', 'critical'],
    ['P1', 'high'],
    ['p2', 'medium'],
    ['p3', 'low'],
  ])('priority %s is %s', (said, meant) => {
    expect(task(`priority: ${said}`).priority).toBe(meant)
  })

  it.each([
    ['a, b', ['a', 'b']],
    ['[a, b]', ['a', 'b']],
    ['a', ['a']],
    ['7', ['7']],
    ['"- a\\n- b"', ['a', 'b']],
    ['[a, a]', ['a']],
    ['none', []],
  ])('depends_on: %s is %j', (said, meant) => {
    expect(task(`depends_on: ${said}`).depends_on).toEqual(meant)
  })

  it.each([
    ['true', true],
    ['yes', true],
    ['"No"', false],
    ['off', false],
  ])('requires_approval: %s is %s', (said, meant) => {
    expect(task(`requires_approval: ${said}`).requires_approval).toBe(meant)
  })

  it('may be numbers in quotes', () => {
    expect(task('timeout_s: "1.5"\nretries: "3"\nmax_tokens: 10\ntemperature: 0')).toMatchObject({
      timeout_s: 1.5,
      retries: 3,
      max_tokens: 10,
      temperature: 0,
    })
  })

  it('keep commas in sentences', () => {
    expect(task('success_criteria: "short, and exact"').success_criteria).toEqual(['short, and exact'])
    expect(task('success_criteria:\n  - "short, and"\n  - exact').success_criteria).toEqual(['short, and', 'exact'])
  })

  it.each([
    ['priority: soon', '`priority` has to be low, medium, high or critical, and is "soon"'],
    ['requires_approval: maybe', '`requires_approval` has to be yes or no, and is "maybe"'],
    ['on_failure: stop', '`on_failure` has to be block or continue, and is "stop"'],
    ['max_tokens: 1.5', '`max_tokens` has to be a whole number above 0, and is 1.5'],
    ['temperature: 3', '`temperature` has to be a number from 0 to 2, and is 3'],
    ['timeout_s: 0', '`timeout_s` has to be seconds, a number above 0 and at most three weeks, and is 0'],
    ['timeout_s: .inf', '`timeout_s` has to be seconds, a number above 0 and at most three weeks, and is Infinity'],
    ['retries: 101', '`retries` has to be a whole number from 0 to 100, and is 101'],
    ['model: [a]', '`model` has to be the name of a model, and is a list'],
    ['outputs: [ok.md, /tmp/x]', '`outputs`: "/tmp/x" cannot be one: it is absolute'],
    ['outputs: a.md, ../b.md', '`outputs`: "../b.md" cannot be one: it leaves the folder by ".."'],
    ['inputs: ["src/*.ts"]', '`inputs`: "src/*.ts": patterns are not read; name files or folders (a folder means all files below it)'],
    ['inputs: {a: b}', '`inputs` has to be a list of files and folders, relative to the workspace, and is a map'],
    ['depends_on: {a: b}', '`depends_on` has to be a list of task ids, and is a map'],
    ['command: []', '`command` has to be a line for the shell, or a list of a program and its arguments, and is a list'],
    ['checks: short', '`checks` has to be a map of checks (`contains: text`), or a list of them (`- contains: text`)'],
    ['checks: {lenght: 3}', '`lenght` is not a check (they are contains, min_length, odd)'],
    ['checks: {odd: 2}', '`odd` is 2 (it is even); expected: an odd number'],
    ['checks: {contain: x}', '`contain` is not a check (they are contains, min_length, odd); did you mean `contains`?'],
    ['checks: {min_length: long}', '`min_length` is "long"; expected: a number of characters above 0'],
    [
      'depends_on: [a b]',
      'task `a` depends on `a b`, which is not the name of a task; ' +
        'a task in this file can be named by its number, one in another file by its id',
    ],
  ])('such as %s stop the file', (front, message) => {
    const [problem = ''] = problemsIn('a.md', withFront(front))
    expect(problem.replace(/^a\.md:2:\d+: /, '')).toBe(message)
  })
})

describe('names of tiers and providers', () => {
  const known = { tiers: ['local', 'complex'], providers: ['cloud'] }

  it('that are not in the configuration are told where they stand, with the one that is near', () => {
    expect(problemsIn('a.md', withFront('tier: locl\nmax_tier: best'), { known })).toEqual([
      'a.md:2:1: `tier`: the tier "locl" is not in the configuration; did you mean "local"?',
      'a.md:3:1: `max_tier`: the tier "best" is not in the configuration; known tiers: local, complex',
    ])
    expect(problemsIn('plan.yaml', 'tasks:\n  - id: a\n    prompt: x\n    provider: cluod\n', { known })).toEqual([
      'plan.yaml:4:5: `provider`: the provider "cluod" is not in the configuration; did you mean "cloud"?',
    ])
  })

  it('do not matter for a command, where a provider is named, and where the run says who does it', () => {
    expect(taskIn('a.md', withFront('command: x\ntier: nowhere'), { known }).tier).toBe('nowhere')
    expect(taskIn('a.md', withFront('provider: cloud\ntier: nowhere'), { known }).tier).toBe('nowhere')
    expect(task('tier: nowhere').tier).toBe('nowhere')
  })
})

describe('checks', () => {
  it('are a map or a list of maps, under either name', () => {
    const both = task('checks:\n  - contains: a\n  - {contains: b, minLength: 3}\ncompletion_criteria:\n  contains: [c]')
    expect(both.checks).toEqual([
      { rule: 'contains', value: 'a' },
      { rule: 'contains', value: 'b' },
      { rule: 'min_length', value: 3 },
      { rule: 'contains', value: ['c'] },
    ])
  })
})

describe('params', () => {
  const text = withFront('params:\n  name: Ada\n  times: 3\nsystem: You serve {{name}}.\ncontext: "{{times}} times"')

  it('fill prompt, system prompt and context', () => {
    expect(taskIn('a.md', text)).toMatchObject({
      work: { prompt: 'Hello Ada', system: 'You serve Ada.' },
      context: '3 times',
      params: { name: 'Ada', times: '3' },
    })
  })

  it('take the command line’s values for the names that the file declares', () => {
    expect(taskIn('a.md', text, { params: { name: 'Bob', other: 'x' } })).toMatchObject({
      work: { prompt: 'Hello Bob' },
      params: { name: 'Bob', times: '3' },
    })
  })

  it('without a value have to be given one', () => {
    expect(promptIn('a.md', withFront('params: {name: }'), { params: { name: 'Bob' } })).toBe('Hello Bob')
    expect(problemsIn('a.md', withFront('params:\n  name:'))).toEqual([
      'a.md:3:3: param `name` of task `a` has no value; give it one with --param name=…',
    ])
  })

  it('leave commands as they are: those read them from their environment', () => {
    expect(task('command: echo {{name}}\nparams: {name: Ada}')).toMatchObject({
      work: { command: 'echo {{name}}' },
      params: { name: 'Ada' },
    })
  })
})
