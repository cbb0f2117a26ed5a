import type { ShownRun } from '../../../src/app/screen.ts'
import type { Outcome } from '../../../src/core/outcome.ts'
import type { Price } from '../../../src/core/price.ts'
import type { Settings } from '../../../src/core/settings.ts'
import type { Glance } from '../../../src/tui/glance.ts'
import { keymapOf } from '../../../src/tui/keymap.ts'
import { layoutOf, type Size } from '../../../src/tui/layout.ts'
import type { Models } from '../../../src/tui/models/models.ts'
import { queueModel } from '../../../src/tui/models/queue.ts'
import { totalsOf } from '../../../src/tui/models/totals.ts'
import { FIRST_UI, type Ui } from '../../../src/tui/ui.ts'
import { ANSWERED, conductor } from '../../core/conductor.ts'
import { plan, settings, task } from '../../core/specs.ts'

type Conductor = ReturnType<typeof conductor>
export type SceneOptions = { ui?: Partial<Ui>; size?: Size; is?: ShownRun['is']; steers?: boolean; keys?: Parameters<typeof keymapOf>[0] }

/** A run as the screen gets it: `touch` tells the models what has happened since the last time. */
export function sceneOf(run: Conductor, { is = 'live', steers = is === 'live' }: SceneOptions = {}) {
  const shown: ShownRun = {
    folder: { id: 'r', path: 'runs/r' } as ShownRun['folder'],
    path: 'runs/r',
    is,
    get state() {
      return run.state
    },
    subscribe: () => () => {},
    ...(steers ? { send: () => Promise.resolve(undefined) } : {}),
    now: () => Date.parse(run.now()),
  }
  const queue = queueModel(shown)
  const totals = totalsOf(shown)
  let told = run.log.length
  return {
    shown,
    queue,
    totals,
    glance: ({ ui = {}, size = { width: 120, height: 40 }, keys = {} }: SceneOptions = {}): Glance => {
      for (const event of run.log.slice(told)) {
        queue.touch(event, run.state)
        totals.touch(event, run.state)
      }
      told = run.log.length
      const given = { ...FIRST_UI, ...ui }
      queue.arrange(given.queue)
      const selected = given.selected ?? queue.slice(0, 1)[0]
      const models = { queue, totals, lookups: { runIds: () => [] } } as unknown as Models
      return { ui: { ...given, selected }, layout: layoutOf(given, size), project: 'p', run: shown, isAside: false, models, keymap: keymapOf(keys), now: shown.now(), waiting: 'watching tasks/' }
    },
  }
}

const SONNET: Price = { kind: 'tokens', tariff: { rates: { input_per_mtok: 3, output_per_mtok: 15 } }, source: 'config' }

const SHOP: Partial<Settings> = {
  max_concurrent: 3,
  retries: 2,
  providers: { own: { type: 'ollama', model: 'qwen3' }, claude: { type: 'anthropic', model: 'sonnet' }, command: { type: 'command' } },
  default_provider: 'own',
  tiers: { local: [{ provider: 'own', model: 'qwen3' }], complex: [{ provider: 'claude', model: 'sonnet' }] },
  budget: { ...settings().budget, day: 5_000_000, month: 50_000_000 },
  when_held: 'stay',
}

const PRICES = [
  { provider: 'own', model: 'qwen3', price: { kind: 'free' as const } },
  { provider: 'claude', model: 'sonnet', price: SONNET },
]

/** Money that others have spent on the same day. */
const ELSEWHERE = { run: 0, project: 620_000, day: 620_000, month: 7_790_000 }

const answered = (input: number, output: number): Outcome => ({ ...ANSWERED, usage: { input, output }, duration_ms: 40_000 })

/** A morning in a small shop: something of everything that can happen to a task. */
export function morning(given: Partial<Settings> = {}) {
  const run = conductor({ ...SHOP, ...given }, PRICES)
  run.resume({}, ELSEWHERE)
  run.add(
    plan(
      task('architect', { title: 'Design the service', tier: 'local', type: 'design' }),
      task('broken', { title: 'Convert the old data', tier: 'local', work: { kind: 'command', command: 'false' }, retries: 0 }),
      task('schema', { title: 'Change the schema of the live database', tier: 'complex', requires_approval: true, depends_on: ['architect'] }),
      task('builder', { title: 'Build the service', tier: 'complex', type: 'code', depends_on: ['architect'] }),
      task('docs', { title: 'Write the manual', tier: 'local', type: 'docs', depends_on: ['architect'] }),
      task('flaky', { title: 'Fetch the prices of the suppliers', tier: 'local', depends_on: ['architect'] }),
      task('cleanup', { title: 'Throw away the old data', depends_on: ['broken'] }),
      task('qa', { title: 'Try it all', tier: 'local', depends_on: ['schema', 'builder', 'docs', 'flaky'] }),
      task('release', { title: 'Publish it', tier: 'complex', requires_approval: true, depends_on: ['qa'] }),
    ),
  )
  run.next()
  run.pass(42_000)
  run.end('broken', { result: 'failed', kind: 'command_failed', message: 'exit code 3: no such file: old.csv', duration_ms: 100 })
  run.end('architect', answered(1200, 9000))
  run.next()
  run.pass(4_000)
  run.end('flaky', { result: 'failed', kind: 'timeout', message: 'it took longer than 60 s', duration_ms: 60_000 })
  run.next()
  run.pass(500)
  return run
}
