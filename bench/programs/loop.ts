// The floor of a durable run: a loop that knows what depends on what, writes the same events, and flushes
// what up to 64 tasks wrote at once. Nothing is chosen, checked, priced, retried or remembered.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogSample } from '../contracts.ts'
import { ANSWER, AT_ONCE, edges, idOf } from '../plans.ts'
import { given, peakMb, stopwatch, tell } from '../process-cost.ts'

const { tasks, shape, answers, dir, sample } = given('loop')
const { run, added, later } = JSON.parse(readFileSync(sample, 'utf8')) as LogSample
const before = edges(shape, tasks)
const results = join(dir, 'results')
mkdirSync(results, { recursive: true })
const file = await open(join(dir, 'events.jsonl'), 'a')

/** The plan is not held in memory as a whole. */
const PLAN_LINES = 1000

let seq = 0
let bytes = 0
let flushes = 0
let lines: string[] = []

const stop = stopwatch()
const behind: number[][] = before.map(() => [])
const missing = before.map((needed, index) => {
  for (const each of needed) behind[each]?.push(index)
  return needed.length
})
for (const event of run) write(event)
for (const [index, needed] of before.entries()) {
  const id = idOf(index)
  write({ ...added, task: { ...added.task, id, title: id, work: { kind: 'prompt', prompt: `do ${id}` }, depends_on: needed.map(idOf) } })
  if (lines.length >= PLAN_LINES) await flush()
}
await flush()
let ready = [...missing.keys()].filter((index) => missing[index] === 0)
let done = 0
while (ready.length > 0) {
  const batch = ready.splice(0, AT_ONCE)
  for (const index of batch) {
    const id = idOf(index)
    if (answers) keep(id)
    for (const event of later) write({ ...event, task: id })
  }
  await flush()
  for (const index of batch) for (const each of behind[index] ?? []) if (--missing[each]! === 0) ready.push(each)
  done += batch.length
}
await file.close()
const cost = stop()

if (done !== tasks) throw new Error(`only ${done} of ${tasks} tasks were done`)
tell('loop', { ...cost, peak_mb: peakMb(), flushes, bytes })

function write(event: object): void {
  lines.push(`${JSON.stringify({ ...event, seq: ++seq, at: new Date().toISOString() })}\n`)
}

async function flush(): Promise<void> {
  const text = lines.join('')
  lines = []
  bytes += text.length
  await file.appendFile(text)
  await file.datasync()
  flushes++
}

/** A file that is there whole or not at all. */
function keep(id: string): void {
  writeFileSync(join(results, `.${id}`), ANSWER)
  renameSync(join(results, `.${id}`), join(results, `${id}.md`))
}
