import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRedactor } from '../src/core/redact.ts'
import { emptyState } from '../src/core/state.ts'
import { manifestText } from '../src/core/views/manifest.ts'
import { systemClock } from '../src/runtime/clock.ts'
import { startLoop } from '../src/runtime/loop.ts'
import { createPerformer } from '../src/runtime/perform.ts'
import { openAttemptLog } from '../src/store/attempt-log.ts'
import { openCache } from '../src/store/cache.ts'
import { openEventLog } from '../src/store/event-log.ts'
import { openManifest } from '../src/store/manifest-file.ts'
import { openOutputs } from '../src/store/outputs.ts'
import { createRunFolder } from '../src/store/run-folder.ts'
import { settings } from '../test/core/specs.ts'
import { layeredPlan } from './layered-plan.ts'

const SETTINGS = settings({ max_concurrent: 64, providers: { noop: { type: 'noop' } }, default_provider: 'noop', context_max_chars: 0 })

export type Measured = { tasks: number; seconds: number; flushes: number; bytes: number; lines: string[] }

/**
 * Runs a plan whose attempts do nothing through the whole loop with the real store: log, manifest and
 * output folder on disk. The time runs from the first intent to the closed manifest.
 */
export async function noopRun(tasks: number): Promise<Measured> {
  const dir = await mkdtemp(join(tmpdir(), 'tutti-bench-'))
  try {
    const plan = { ...layeredPlan(tasks, 100), prices: [{ provider: 'noop', price: { kind: 'free' as const } }] }
    const folder = await createRunFolder(join(dir, 'runs'), '20261120-120000-0000')
    const log = await openEventLog(folder.events)
    const state = emptyState()
    const performer = createPerformer({
      provider: () =>
        Promise.resolve({
          run: () => Promise.resolve({ result: 'answered', text: '', finish: 'stop' }),
          health: () => Promise.resolve({ state: 'ready', detail: '' }),
        }),
      identity: (name) => name,
      outputs: openOutputs(folder),
      cache: openCache(join(dir, 'runs', 'cache')),
      attemptLog: (task, attempt) => openAttemptLog(folder, task, attempt, 1),
      runChecks: () => Promise.resolve([]),
      fileAway: ({ path }) => Promise.resolve({ path }),
      redactor: createRedactor([]),
      workspace: dir,
      runFolder: folder.path,
      contextMaxChars: 0,
    })
    const manifest = openManifest(folder.manifest, () => manifestText(state), (error) => console.error(error))
    const begun = performance.now()
    const handle = startLoop({
      state,
      log,
      clock: systemClock,
      perform: performer.perform,
      first: [
        { type: 'opened', run: folder.id, project: 'bench', version: '0', settings: SETTINGS, elsewhere: { run: 0, project: 0, day: 0, month: 0 } },
        { type: 'add', plan },
      ],
      listeners: [manifest.touch],
    })
    const end = await handle.done
    await log.close()
    await manifest.flush()
    const seconds = (performance.now() - begun) / 1000
    if (end.counts.complete !== tasks) throw new Error(`only ${end.counts.complete} of ${tasks} tasks completed`)
    const text = await readFile(folder.events, 'utf8')
    return { tasks, seconds, flushes: log.flushes(), bytes: text.length, lines: text.split(/(?<=\n)/) }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
