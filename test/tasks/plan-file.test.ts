import { describe, expect, it } from 'vitest'
import { parse, problemsIn, taskIn, tasksIn, warningsIn } from './parse.ts'

const YAML = `# the release
project: notes-api
provider: local
params: {version: "1.2"}
status: pending

tasks:
  - id: test
    command: [npm, test]
    provider: command
  - id: notes
    title: Release notes
    depends_on: test
    prompt: |
      Write notes for {{version}}.

      Be short: three lines.
    outputs: NOTES.md
    checks:
      - contains: "1.2"
      - min_length: 20
  - prompt: Translate the notes to {{language}}.
    params: {language: French}
    dependsOn: [notes]
    onFailure: continue
  - prompt: Thank people.
    depends_on: [3, test, other-file]
`

describe('a plan in YAML', () => {
  const tasks = tasksIn('tasks/release.yml', YAML)

  it('has the tasks that it lists, with what holds for all of them', () => {
    expect(tasks.map(({ id, line, depends_on, provider }) => ({ id, line, depends_on, provider }))).toEqual([
      { id: 'test', line: 8, depends_on: [], provider: 'command' },
      { id: 'notes', line: 11, depends_on: ['test'], provider: 'local' },
      { id: 'release.3', line: 22, depends_on: ['notes'], provider: 'local' },
      { id: 'release.4', line: 26, depends_on: ['release.3', 'test', 'other-file'], provider: 'local' },
    ])
  })

  it('takes commands, prompts, checks and params as each task states them', () => {
    const [test, notes, translate] = tasks
    expect(test?.work).toEqual({ kind: 'command', command: ['npm', 'test'] })
    expect(notes).toMatchObject({
      title: 'Release notes',
      work: { kind: 'prompt', prompt: 'Write notes for 1.2.\n\nBe short: three lines.\n' },
      outputs: ['NOTES.md'],
      checks: [
        { rule: 'contains', value: '1.2' },
        { rule: 'min_length', value: 20 },
      ],
    })
    expect(translate).toMatchObject({
      work: { prompt: 'Translate the notes to French.' },
      on_failure: 'continue',
      params: { version: '1.2', language: 'French' },
    })
  })

  it('tells its own status', () => {
    expect(parse('a.yaml', YAML)).toMatchObject({ result: 'plan', status: 'pending' })
  })

  it('may be a single task', () => {
    expect(taskIn('tasks/hello.yaml', 'prompt: Hello\nmodel: m\n')).toMatchObject({ id: 'hello', model: 'm', work: { prompt: 'Hello' } })
  })

  it('may use anchors', () => {
    const text = 'tasks:\n  - &a {prompt: x, checks: &c [{contains: y}]}\n  - {prompt: z, checks: *c}\n  - *a\n'
    for (const { checks } of tasksIn('a.yaml', text)) expect(checks).toEqual([{ rule: 'contains', value: 'y' }])
  })
})

describe('a plan in JSON', () => {
  const text = `{
  "project": "notes-api",
  "defaults": { "provider": "local", "retries": 1 },
  "tasks": [
    { "id": "a", "prompt": "Say \\"id\\": {x}", "checks": [{ "contains": ["tasks", "id"] }] },
    {
      "id": "b", "command": "npm test",
      "depends_on": ["a"], "retries": 0
    }
  ]
}
`

  it('has the tasks that it lists, with its defaults', () => {
    expect(tasksIn('plan.json', text)).toMatchObject([
      { id: 'a', line: 5, provider: 'local', retries: 1, work: { prompt: 'Say "id": {x}' } },
      { id: 'b', line: 6, provider: 'local', retries: 0, depends_on: ['a'], work: { kind: 'command', command: 'npm test' } },
    ])
  })

  it('tells places as exactly as YAML does', () => {
    const wrong = text.replace('"retries": 0', '"retries": "no", "colour": 1').replace('"contains"', '"holds"')
    expect(problemsIn('plan.json', wrong)).toEqual([
      'plan.json:5:60: `holds` is not a check (they are contains, min_length, odd)',
      'plan.json:8:28: `retries` has to be a whole number from 0 to 100, and is "no"',
    ])
    expect(warningsIn('plan.json', text.replace('"retries": 0', '"colour": 1'))).toEqual([
      'plan.json:8:28: `colour` is not a key that Tutti knows, and is left out',
    ])
  })

  it('is read quickly when it is big', () => {
    const tasks = Array.from({ length: 10_000 }, (_, at) => ({
      id: `t${at}`,
      command: ['true'],
      depends_on: at === 0 ? [] : [`t${at - 1}`],
    }))
    const big = JSON.stringify({ tasks }, null, 2)
    const start = performance.now()
    expect(tasksIn('big.json', big)).toHaveLength(10_000)
    expect(performance.now() - start).toBeLessThan(2000)
    expect(tasksIn('big.json', big).at(-1)).toMatchObject({
      id: 't9999',
      line: big.slice(0, big.indexOf('"t9999"')).split('\n').length - 1,
    })
  })
})

describe('what is not JSON', () => {
  it.each([
    ['{"tasks": [{"prompt": "x"},\n ]}', '2:2: this is not valid JSON: expected a value, found "]"; remove the comma before it'],
    ['{"prompt": "x",}', '1:16: this is not valid JSON: expected a key in double quotes, found "}"; remove the comma before it'],
    ["{'prompt': 'x'}", '1:2: this is not valid JSON: expected a value; text needs double quotes, found "\'"'],
    ['{"prompt": None}', '1:12: this is not valid JSON: expected a value; text needs double quotes, found "None"'],
    ['{\n  // why\n  "prompt": "x"}', '2:3: this is not valid JSON: expected no comment, JSON has none, found "/"'],
    ['{"prompt": "x"', '1:15: this is not valid JSON: expected "}", found the end of the file'],
    ['{"prompt": "x" "id": "a"}', '1:16: this is not valid JSON: expected ",", found "\\""'],
    [
      '{"prompt": "x\ny"}',
      '1:12: this is not valid JSON: expected a string that ends on its line, found "\\""',
    ],
    ['{"a": 01}', '1:8: this is not valid JSON: expected ",", found "1"'],
    ['{"a": 1} x', '1:10: this is not valid JSON: expected a value; text needs double quotes, found "x"'],
    ['{"a" 1}', '1:6: this is not valid JSON: expected ":", found "1"'],
    ['[1}', '1:3: this is not valid JSON: expected ",", found "}"'],
  ])('%j is told with its place', (text, problem) => {
    expect(problemsIn('p.json', text)).toEqual([`p.json:${problem}`])
  })
})

describe('what is wrong with a plan', () => {
  it.each([
    [
      'tasks:\n  - prompt: [x\n',
      '3:1: this is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]; ' +
        'check how its lines are indented, and that brackets are closed',
    ],
    ['tasks:\n- id: a\n\tprompt: x\n', '3:1: this is not valid YAML: Tabs are not allowed as indentation; indent with spaces, not tabs'],
    ['prompt: x\n---\nprompt: y\n', '2:1: this is not valid YAML: A second document starts here; keep one document in a file'],
    ['prompt: *x\n', '1:9: nothing before this is marked with &x'],
    ['prompt: x\n[a]: y\n', '2:1: a key has to be a plain name'],
    ['- prompt: x\n', '1:1: expected a map with `tasks`, `task_description`, `prompt` or `command`'],
    ['project: x\n', '1:1: there is no work in this file: expected a map with `tasks`, `task_description`, `prompt` or `command`'],
    ['project: x\ntasks:\n  a: {prompt: x}\n', '2:1: `tasks` has to be a list of tasks, with one at least, and is a map'],
    ['tasks: []\n', '1:1: `tasks` has to be a list of tasks, with one at least, and is a list'],
    ['tasks:\n  - prompt: x\n  - do this\n', '3:5: each task has to be a map with a `prompt` or a `command`, and this is "do this"'],
    ['tasks:\n  - {id: a}\n', '2:5: task `a` has nothing to do; give it a prompt or a command'],
    ['id: a\nprompt: x\ncommand: y\n', '3:1: task `a` has a prompt and a command; make two tasks of it'],
    [
      'tasks:\n  - {id: a b, prompt: x}\n',
      '2:6: `id` has to be a name of at most 100 letters, digits, ".", "_" and "-", starting with a letter or digit, and is "a b"',
    ],
  ])('%j is told with its place', (text, problem) => {
    expect(problemsIn('p.yaml', text)).toEqual([`p.yaml:${problem}`])
  })

  it('is told for every task at once', () => {
    const text = 'tasks:\n  - {prompt: x, retries: -1}\n  - {prompt: x, temperature: hot}\n'
    expect(problemsIn('p.yaml', text).map((problem) => problem.split(' ')[0])).toEqual(['p.yaml:2:17:', 'p.yaml:3:17:'])
  })

  it('is told for the first places when there are hundreds', () => {
    const problems = problemsIn('p.yaml', `tasks:\n${'  - {prompt: x, retries: no}\n'.repeat(200)}`)
    expect(problems).toHaveLength(51)
    expect(problems.at(-1)).toBe('p.yaml: and 150 more of this kind')
  })
})
