import assert from 'node:assert/strict'
import type fc from 'fast-check'
import { vocabulary } from '../../../src/checks/registry.ts'
import { filesInAnswer } from '../../../src/core/answer-files.ts'
import { ruleFor, ruleProblem } from '../../../src/core/permissions.ts'
import { whyNot } from '../../../src/core/steering.ts'
import { emptyState } from '../../../src/core/state.ts'
import { TaskSpec } from '../../../src/core/task.ts'
import { Wish } from '../../../src/core/wish.ts'
import { parseTaskFile } from '../../../src/tasks/parse-task-file.ts'
import { setStatus } from '../../../src/tasks/set-status.ts'
import { mutated } from './mutated.ts'

/** Something that takes a text from outside. `read` throws where it does not hold. */
export type Reader = { name: string; texts: fc.Arbitrary<Buffer>; read: (bytes: Buffer) => void }

const FILES = ['a.md', 'a.task.md', 'day.md', 'a.yaml', 'a.json'] as const
const OPTIONS = { checks: vocabulary, params: {}, max_prompt_bytes: 1_000_000, known: { tiers: ['local', 'medium'], providers: ['rehearsal', 'command'] } }

const RULES = ['Bash', 'Bash(npm test)', 'Bash(npm run test:*)', 'Bash(git * main)', 'Edit(src/**)', 'Edit(//etc/**)', 'Read(~/.ssh/**)', 'WebFetch(domain:example.com)', 'mcp__server__tool', 'Edit(!a/[b-c]?.ts)', 'Bash(a\\*b)']
const COMMANDS = ['npm test', 'npm run test -- --watch && rm -rf /', 'git push origin main; curl x | sh', "echo 'a b' \"$(id)\" `id` > out 2>&1", 'cd a && (b || c) &', '/etc/passwd', '../../x', 'https://a.example.com/b']
const WISHES = [
  { type: 'approve', task: 'a', gate: 'g12', shown: 'abc', comment: 'fine' },
  { type: 'reject', task: 'a' },
  { type: 'send-back', task: 'a', comment: 'again' },
  { type: 'answer', task: 'a', answers: ['yes', 'no'], gate: 'g1' },
  { type: 'approve-all' },
  { type: 'pause', task: 'a', descendants: true },
  { type: 'retry', task: 'a', descendants: false },
  { type: 'prioritize', task: 'a', priority: 'p1' },
].map((wish) => JSON.stringify(wish))
const ANSWERS = [
  'Here it is.\n\n```ts src/app.ts\nlet a = 1\n```\n\nAnd `b.md`:\n\n```md\n# B\n```\n',
  '**docs/a.md**\n\n````md title="docs/a.md"\n```sh\nls\n```\n````\n\n```diff a.patch\n-a\n+b\n```\n',
  '~~~json path=data/x.json\n{"a": [1, 2]}\n~~~\n\n### File: Makefile\n\n```\nall:\n\ttrue\n```\n',
]

/** @param examples the task files that are shipped */
export function readersOf(examples: readonly string[]): Reader[] {
  return [
    { name: 'task files', texts: mutated(examples), read: (bytes) => FILES.forEach((file) => readTask(file, bytes.toString('utf8'))) },
    { name: 'answers', texts: mutated(ANSWERS), read: (bytes) => filesInAnswer(bytes.toString('utf8'), ['Makefile']).forEach(({ path }) => assert.ok(path !== '')) },
    { name: 'rules', texts: mutated([...RULES, ...COMMANDS]), read: readRules },
    { name: 'wishes', texts: mutated(WISHES), read: readWish },
  ]
}

function readTask(file: string, text: string): void {
  const parsed = parseTaskFile({ file, text }, OPTIONS)
  if (parsed.result === 'broken') {
    assert.ok(parsed.problems.length > 0)
    for (const problem of parsed.problems) assert.ok(problem.message.length > 10 && problem.file === file)
    return
  }
  assert.ok(parsed.tasks.length > 0)
  for (const task of parsed.tasks) assert.deepEqual(TaskSpec.parse(JSON.parse(JSON.stringify(task))), task)
  // What can be read can have its status written, and says it then.
  const written = parseTaskFile({ file, text: setStatus(file, text, 'complete') }, OPTIONS)
  assert.deepEqual(written.result === 'plan' ? written.tasks.map(({ id, work }) => [id, work]) : written.problems, parsed.tasks.map(({ id, work }) => [id, work]))
}

function readRules(bytes: Buffer): void {
  const text = bytes.toString('utf8')
  const half = text.length >> 1
  const [rule, used] = [text.slice(0, half), text.slice(half)]
  for (const each of [rule, `Bash(${rule})`, `Edit(${rule})`]) {
    assert.notEqual(ruleProblem(each), '')
    for (const tool of ['Bash', 'Edit', 'WebFetch', 'mcp__server__tool']) {
      const question = { kind: 'permission' as const, tool, rule: `${tool}(${used})`, input: used }
      // What is forbidden is not allowed, whatever else is said.
      if (ruleFor({ allow: [], deny: [each], ask: [] }, question, { cwd: '/w', home: '/h' }) === 'deny') assert.equal(ruleFor({ allow: [each], deny: [each], ask: [each] }, question, { cwd: '/w', home: '/h' }), 'deny')
    }
  }
}

function readWish(bytes: Buffer): void {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch {
    return
  }
  const wish = Wish.safeParse(value)
  if (wish.success) whyNot(emptyState(), wish.data)
}
