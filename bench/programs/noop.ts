// Runs a plan whose attempts do nothing through the whole loop with the real store.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { taskOfEvent, type Event } from '../../src/core/events.ts'
import { emptyState } from '../../src/core/state.ts'
import { manifestText } from '../../src/core/views/manifest.ts'
import { systemClock } from '../../src/runtime/clock.ts'
import { startLoop } from '../../src/runtime/loop.ts'
import { openEventLog } from '../../src/store/event-log.ts'
import { openManifest } from '../../src/store/manifest-file.ts'
import { createRunFolder } from '../../src/store/run-folder.ts'
import { settings } from '../../test/core/specs.ts'
import type { LogSample } from '../contracts.ts'
import { ANSWER, AT_ONCE, idOf, planOf } from '../plans.ts'
import { given, peakMb, stopwatch, tell } from '../process-cost.ts'
import { performerIn } from '../performer.ts'

const SETTINGS = settings({ max_concurrent: AT_ONCE, providers: { noop: { type: 'noop' } }, default_provider: 'noop', context_max_chars: 0 })

const { tasks, shape, manifest: keepsManifest, answers, dir } = given('noop')
const plan = { ...planOf(shape, tasks), prices: [{ provider: 'noop', price: { kind: 'free' as const } }] }
const folder = await createRunFolder(join(dir, 'runs'), '20261120-120000-0000')
const log = await openEventLog(folder.events)
const state = emptyState()
const performer = performerIn(dir, folder, () => Promise.resolve({ result: 'answered', text: answers ? ANSWER : '', finish: 'stop' }), 1)
const failed = (error: unknown) => {
  throw error
}
const manifest = keepsManifest ? openManifest(folder.manifest, () => manifestText(state), failed) : undefined

const stop = stopwatch()
const handle = startLoop({
  state,
  log,
  clock: systemClock,
  perform: performer.perform,
  first: [
    { type: 'opened', run: folder.id, project: 'bench', version: '0', settings: SETTINGS, elsewhere: { run: 0, project: 0, day: 0, month: 0 } },
    { type: 'add', plan },
  ],
  listeners: manifest === undefined ? [] : [manifest.touch],
})
const end = await handle.done
await log.close()
await manifest?.flush()
const cost = stop()
const peak_mb = peakMb()

if (end.counts.complete !== tasks) throw new Error(`only ${end.counts.complete} of ${tasks} tasks completed`)
const text = await readFile(folder.events, 'utf8')
await writeFile(join(dir, 'sample.json'), JSON.stringify(sampleOf(text)))
tell('noop', { ...cost, peak_mb, flushes: log.flushes(), bytes: Buffer.byteLength(text) })

/** What the log says of the run, and of its last task: the same for every other one. */
function sampleOf(lines: string): LogSample {
  const events = lines.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Event)
  const of = events.filter((event) => taskOfEvent(event) === idOf(tasks - 1))
  const [added, ...later] = of
  if (added?.type !== 'task.added') throw new Error(`bug: the log begins a task with ${added?.type}`)
  return { run: events.filter((event) => taskOfEvent(event) === undefined), added, later }
}
