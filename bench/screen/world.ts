// A run that a screen shows while it is measured: the real loop with its log and manifest on disk, and a provider
// that talks. Started by bench/screen/measure.ts, in a terminal; it writes what it measured to a file.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openWorkspace } from '../../src/app/workspace.ts'
import { emptyState } from '../../src/core/state.ts'
import { manifestText } from '../../src/core/views/manifest.ts'
import { systemClock } from '../../src/runtime/clock.ts'
import { startLoop, type Listener } from '../../src/runtime/loop.ts'
import { openEventLog } from '../../src/store/event-log.ts'
import { openManifest } from '../../src/store/manifest-file.ts'
import { createRunFolder } from '../../src/store/run-folder.ts'
import { settings } from '../../test/core/specs.ts'
import { planOf } from '../plans.ts'
import type { Measured, WorldOptions } from './measure.ts'
import { performerIn } from '../performer.ts'

const { tasks, running, linesPerSecond, warmUpMs, measureMs, screen: hasScreen, report }: WorldOptions = JSON.parse(process.argv[2] ?? '{}')
const TALK_EVERY_MS = 20

/** Takes what it is given until it is told to end; lines come from `talk`. */
const talking = new Set<(text: string) => void>()
let spoken = 0
const listeners = new Set<Listener>()

const dir = await mkdtemp(join(tmpdir(), 'tutti-bench-screen-'))
await writeFile(join(dir, 'config.json'), '{}')
const opened = await openWorkspace(dir, {}, {})
if ('problems' in opened) throw new Error(JSON.stringify(opened.problems))
const folder = await createRunFolder(opened.runs, '20261120-120000-0000')
const log = await openEventLog(folder.events)
const state = emptyState()
const performer = performerIn(dir, folder, (_, { signal, write }) => talk(signal, write), 1e9)
const manifest = openManifest(folder.manifest, () => manifestText(state), () => {})
const plan = running === 0 ? { files: [], tasks: [], earlier: [], prices: [] } : { ...planOf('layers', tasks, 50), prices: [{ provider: 'talker', price: { kind: 'free' as const } }] }
const handle = startLoop({
  state,
  log,
  clock: systemClock,
  perform: performer.perform,
  first: [
    { type: 'opened', run: folder.id, project: 'bench', version: '0', settings: SETTINGS(), elsewhere: { run: 0, project: 0, day: 0, month: 0 } },
    { type: 'add', plan },
  ],
  listeners: [manifest.touch, (event, now) => listeners.forEach((listener) => listener(event, now))],
})

function SETTINGS() {
  return settings({ max_concurrent: running, providers: { talker: { type: 'talker' } }, default_provider: 'talker', context_max_chars: 0, when_held: 'stay' })
}

/** An attempt of 5 to 15 seconds. */
async function talk(signal: AbortSignal, write: (text: string) => void) {
  talking.add(write)
  await sleep(5_000 + (spoken % 10_000), undefined, { signal }).catch(() => {})
  talking.delete(write)
  return { result: 'answered' as const, text: 'done', finish: 'stop' as const }
}

const talkTimer = setInterval(() => {
  const lines = (linesPerSecond * TALK_EVERY_MS) / 1000
  const writers = [...talking]
  for (let i = 0; i < lines && writers.length > 0; i++) writers[i % writers.length]?.(`line ${++spoken}: reading src/app.ts and what it imports, one file after the other\n`)
}, TALK_EVERY_MS)

if (hasScreen) {
  const { openScreen } = await import('../../src/tui/open-screen.ts')
  const screen = await openScreen({ workspace: opened, waiting: '' })
  const subscribe = (listener: Listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  screen.show({ folder, path: folder.path, is: 'live', state, subscribe, send: handle.send, now: Date.now })
}

await sleep(warmUpMs)
global.gc?.()
const before = { cpu: process.cpuUsage(), at: performance.now(), heap: process.memoryUsage().heapUsed }
const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()
await sleep(measureMs)
delay.disable()
const cpu = process.cpuUsage(before.cpu)
const wall_ms = performance.now() - before.at
global.gc?.()
const measured: Measured = {
  cpu_pct: (cpu.user + cpu.system) / 10 / wall_ms,
  loop_delay_max_ms: delay.max / 1e6,
  heap_growth_mb_per_min: ((process.memoryUsage().heapUsed - before.heap) / 1e6 / wall_ms) * 60_000,
  spoken,
}
await writeFile(report, JSON.stringify(measured))
clearInterval(talkTimer)
await rm(dir, { recursive: true, force: true })
process.exit(0)
