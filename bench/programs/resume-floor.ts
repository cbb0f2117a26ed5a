// The floor of taking a run up: its log is read and parsed, and what is ready is found out. Nothing is checked.
import { readFileSync } from 'node:fs'
import { given, tell } from '../process-cost.ts'

type Line = { type: string; task?: string | { id: string; depends_on: string[] }; status?: string }

const { events, ready: expected } = given('resume-floor')
const before = new Map<string, readonly string[]>()
const complete = new Set<string>()
for (const text of readFileSync(events, 'utf8').split('\n')) {
  if (text === '') continue
  const { type, task, status } = JSON.parse(text) as Line
  if (type === 'task.added' && typeof task === 'object') before.set(task.id, task.depends_on)
  if (type === 'task.ended' && typeof task === 'string' && status === 'complete') complete.add(task)
}
const ready = [...before].filter(([id, needed]) => !complete.has(id) && needed.every((each) => complete.has(each)))
if (ready.length !== expected) throw new Error(`${ready.length} tasks are ready, and ${expected} should be`)
tell('resume-floor', { ready: ready.length })
