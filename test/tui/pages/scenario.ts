import type { RoutePrice } from '../../../src/core/price.ts'
import { conductor, failure } from '../../core/conductor.ts'
import { plan, settings, task } from '../../core/specs.ts'

const tokens = (input: number, output: number) => ({ kind: 'tokens', source: 'config', tariff: { rates: { input_per_mtok: input, output_per_mtok: output } } }) as const
const PRICES: RoutePrice[] = [
  { provider: 'ollama', model: 'qwen', price: tokens(0.1, 0.4) },
  { provider: 'claude', model: 'sonnet', price: tokens(3, 15) },
]
const TIERS = { tiers: { local: [{ provider: 'ollama', model: 'qwen' }], complex: [{ provider: 'claude', model: 'sonnet' }] }, providers: { ollama: { type: 'ollama' }, claude: { type: 'anthropic' }, command: { type: 'command' } } }
const DOLLAR = 1_000_000

const file = (path: string, size = 1_200) => ({ path, sha256: 'abcdef0123456789'.repeat(4), size, media_type: 'text/markdown', written: 'new' as const })

/** A run in the middle of its life: one task complete after a second try, one that runs, one at each gate, and others behind them. */
export function busyRun() {
  const budget = { ...settings().budget, run: 2 * DOLLAR, day: 5 * DOLLAR }
  const run = conductor({ ...TIERS, retries: 1, max_concurrent: 3, budget, when_held: 'stay' }, PRICES)
  run.add(
    plan(
      task('architect', {
        title: 'Draw up the architecture of the notes API',
        type: 'design',
        tier: 'local',
        checks: [{ rule: 'contains', value: ['# Architecture', 'storage'] }, { rule: 'min_length', value: 200 }],
        success_criteria: ['names every module', 'says what is stored where'],
        outputs: ['modules.json'],
        work: { kind: 'prompt', prompt: 'Draw up the architecture.\nIt has a server and a store.\u001b[31m\n\nSay what is stored where, and why.' },
        max_cost_usd: 0.5,
      }),
      task('builder', { tier: 'complex', depends_on: ['architect'], title: 'Build it' }),
      task('schema', { tier: 'complex', depends_on: ['architect'], requires_approval: true, title: 'Change the schema of the database' }),
      task('dear', { tier: 'complex', depends_on: ['architect'], max_cost_usd: 0.001 }),
      task('docs', { tier: 'local', depends_on: ['builder'] }),
      task('qa', { tier: 'complex', depends_on: ['builder', 'schema'] }),
      task('release', { tier: 'complex', depends_on: ['qa', 'docs'] }),
      task('later', { tier: 'local' }),
    ),
  )
  run.send({ type: 'pause', task: 'later', by: 'ada' })
  run.next()
  run.pass(8_000)
  run.end('architect', { ...failure('timeout'), duration_ms: 8_000 })
  run.pass(60_000)
  run.next()
  run.pass(42_000)
  run.end('architect', {
    result: 'answered',
    finish: 'stop',
    duration_ms: 42_000,
    output: file('outputs/architect/output.md'),
    files: [{ ...file('outputs/architect/modules.json', 512), media_type: 'application/json' }],
    refused: [{ path: '../../etc/passwd', reason: 'it leaves the folder by ".."' }],
    usage: { input: 12_400, output: 3_100 },
    cost_micro_usd: 2_480,
  })
  run.next()
  run.send({
    type: 'checks-ended',
    task: 'architect',
    attempt: 2,
    rows: [
      { rule: 'contains', expected: 'the text "# Architecture" and the text "storage"', found: 'both are there', passed: true },
      { rule: 'min_length', expected: 'at least 200 characters', found: '1200 characters', passed: true },
    ],
  })
  run.next()
  run.pass(30_000)
  return run
}
