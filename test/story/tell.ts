import { admit } from '../../src/core/admit.ts'
import type { Command, StartAttempt } from '../../src/core/commands.ts'
import { decide, issued } from '../../src/core/decide.ts'
import { stamped, type Event, type EventBody } from '../../src/core/events.ts'
import type { Input } from '../../src/core/intents.ts'
import type { CheckRow, Outcome } from '../../src/core/outcome.ts'
import type { RoutePrice } from '../../src/core/price.ts'
import { reduce } from '../../src/core/reduce.ts'
import { emptyState } from '../../src/core/state.ts'
import { VERSION } from '../../src/core/version.ts'
import { plan, settings, task } from '../core/specs.ts'
import { DEEDS, TASKS, TIERS, type AttemptStory } from './notes-api.ts'

export const RUN_ID = '20261120-224800-7f3a'
/** When the run of the story was opened, in ms since 1970. */
export const OPENED_AT = Date.parse('2026-11-20T22:48:00.000Z')

/** What an attempt said, and when, in ms since 1970. */
export type Said = { task: string; attempt: number; at: number; text: string }

const CHECKING_MS = 800

const PRICES: RoutePrice[] = [
  { provider: 'ollama', model: 'qwen3:8b', price: { kind: 'free' } },
  { provider: 'openai', model: 'gpt-5-mini', price: { kind: 'tokens', source: 'genai-prices', tariff: { rates: { input_per_mtok: 0.25, output_per_mtok: 2 } } } },
  { provider: 'claude', model: 'sonnet', price: { kind: 'capped', most_micro_usd: 500_000, tariff: { rates: { input_per_mtok: 3, output_per_mtok: 15 } } } },
]

/**
 * Tells the story to the core, as a runtime would: what it asks for is done after the time that the story says.
 * @returns all that was recorded, and all that was said; the same each time
 */
export function tellStory(): { events: Event[]; said: Said[] } {
  const events: Event[] = []
  const said: Said[] = []
  let state = emptyState()
  let now = OPENED_AT
  const due: { at: number; input: Input }[] = DEEDS.map(({ at, does }) => ({ at: OPENED_AT + at * 1000, input: does }))

  function record(bodies: readonly EventBody[]): void {
    for (const event of stamped(bodies, state.seq, new Date(now).toISOString())) {
      events.push(event)
      state = reduce(state, event)
    }
  }

  function send(...inputs: Input[]): void {
    for (const input of inputs) record(admit(state, input, new Date(now).toISOString()).events)
    for (let command = decide(state); command !== undefined; command = decide(state)) {
      record(issued(state, command))
      perform(command)
    }
  }

  const later = (ms: number, input: Input) => void due.push({ at: now + ms, input })

  function perform(command: Command): void {
    if (command.type === 'start-attempt') attempt(command)
    if (command.type === 'check') later(CHECKING_MS, { type: 'checks-ended', task: command.spec.id, attempt: command.attempt, rows: rowsOf(command) })
    if (command.type === 'file') later(0, { type: 'filed', file: command.file, status: command.status, path: command.path })
  }

  function attempt({ spec, attempt, route }: StartAttempt): void {
    const story = storyOf(spec.id, attempt)
    story.says.forEach((text, index) => said.push({ task: spec.id, attempt, at: now + ((index + 1) * story.seconds * 1000) / (story.says.length + 1), text: `${text}\n` }))
    later(story.seconds * 1000, { type: 'attempt-ended', task: spec.id, attempt, outcome: outcomeOf(spec.id, route.provider, story) })
  }

  const specs = TASKS.map((story) => {
    const { attempts: _attempts, prompt, id, ...more } = story
    return task(id, { work: { kind: 'prompt', prompt }, ...more })
  })
  const opened: Input = { type: 'opened', run: RUN_ID, project: 'notes-api', version: VERSION, settings: SETTINGS, elsewhere: { run: 0, project: 3_900_000, day: 620_000, month: 8_400_000 } }
  send(opened, { type: 'add', plan: { ...plan(...specs), prices: PRICES } })
  while (due.length > 0) {
    due.sort((a, b) => a.at - b.at)
    const next = due.shift()
    if (next === undefined) break
    now = Math.max(now, next.at)
    send(next.input)
  }
  return { events, said: said.sort((a, b) => a.at - b.at) }
}

const SETTINGS = settings({
  max_concurrent: 4,
  retries: 1,
  providers: { ollama: { type: 'ollama' }, openai: { type: 'openai' }, claude: { type: 'claude-code', agent: true }, command: { type: 'command' } },
  default_provider: 'ollama',
  tiers: TIERS,
  routing: { default_tier: 'local', by_type: {}, patience_s: 600 },
  when_held: 'stay',
  budget: { day: 5_000_000, month: 11_000_000, project: null, run: 3_000_000, task: null, warn_at_pct: 80, on_limit: 'hold', time_zone: 'UTC' },
})

function storyOf(id: string, attempt: number): AttemptStory {
  const story = TASKS.find((known) => known.id === id)?.attempts[attempt - 1]
  if (story === undefined) throw new Error(`the story of ${id} ends before attempt ${attempt}`)
  return story
}

function outcomeOf(id: string, provider: string, { seconds, tokens, usd, says, fails }: AttemptStory): Outcome {
  const duration_ms = seconds * 1000
  if (fails !== undefined) return { result: 'failed', ...fails, duration_ms }
  const file = { path: `outputs/${id}/output.md`, sha256: '5e'.repeat(32), size: Buffer.byteLength(says.join('\n')) + 1, media_type: 'text/markdown', written: 'new' as const }
  const usage = tokens === undefined ? {} : { usage: tokens }
  const cost = provider === 'claude' && usd !== undefined ? { cost_micro_usd: usd * 1_000_000 } : {}
  return { result: 'answered', output: file, ...usage, ...cost, finish: 'stop', duration_ms }
}

function rowsOf({ spec, attempt }: Extract<Command, { type: 'check' }>): CheckRow[] {
  const { misses = [] } = storyOf(spec.id, attempt)
  return spec.checks.map(({ rule, value }) => {
    const passed = !misses.includes(rule)
    const expected = `${rule} ${JSON.stringify(value)}`
    return { rule, expected, found: passed ? 'as expected' : rule === 'command' ? 'exit code 1' : 'not there', passed }
  })
}
