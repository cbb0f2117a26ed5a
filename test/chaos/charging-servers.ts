import { costOf } from '../../src/core/price.ts'
import { startAnthropicServer } from '../servers/anthropic-server.ts'
import type { ServedRequest } from '../servers/model-server.ts'
import { startOllamaServer } from '../servers/ollama-server.ts'
import { startOpenAiServer } from '../servers/openai-server.ts'
import { TOLD, type Scenario, type Tokens } from '../servers/scenario.ts'
import { GOOD, HANDED_IN } from './mixed-plan.ts'

/** A task, as its servers know it; see `MixedTask`. */
export type ServedTask = { id: string; keys: Record<string, unknown>; first?: Scenario; always?: Scenario | undefined }

/** Servers of three protocols, two of which charge; they keep count of it. */
export type ChargingServers = {
  /** What a configuration says of them. */
  config: { providers: { free: object; first: object; second: object }; tiers: object; prices: object }
  /** How often each task was asked for. */
  asked: Map<string, number>
  /** What was charged for each task, in micro-dollars. */
  charged: Map<string, number>
  stop: () => Promise<unknown>
}

const PRICES = { 'model-a': { input_per_mtok: 2, output_per_mtok: 10 }, 'model-b': { input_per_mtok: 4, output_per_mtok: 20 } }
/** Output tokens that an attempt may produce. */
export const MAX_TOKENS = 100

/** @param taskOf the task of a name @param pause_ms between two words of an answer */
export async function chargingServers(taskOf: (id: string) => ServedTask | undefined, pause_ms: number): Promise<ChargingServers> {
  const asked = new Map<string, number>()
  const charged = new Map<string, number>()

  function scenario(request: ServedRequest): Scenario | undefined {
    const id = /\[\[(\w+)\]\]/.exec(request.prompt)?.[1]
    const task = id === undefined ? undefined : taskOf(id)
    if (task === undefined) return undefined
    const times = (asked.get(task.id) ?? 0) + 1
    asked.set(task.id, times)
    const chosen = task.always ?? (times === 1 ? task.first : undefined) ?? { kind: 'answer', text: answerTo(request, task), pause_ms, usage: usageOf(request) }
    charge(task.id, request.model, chosen)
    return chosen
  }

  /** What is asked is charged for, also where nobody waits for the answer any more; not what is turned away. */
  function charge(task: string, model: string, chosen: Scenario): void {
    if (chosen.kind === 'refused' || chosen.kind === 'reset' || chosen.kind === 'garbage') return
    const rates = Object.entries(PRICES).find(([name]) => name === model)?.[1]
    const usage = chosen.kind === 'answer' && typeof chosen.usage === 'object' ? chosen.usage : TOLD
    const cost = rates === undefined ? 0 : costOf({ kind: 'tokens', tariff: { rates }, source: 'config' }, usage)
    charged.set(task, (charged.get(task) ?? 0) + (cost ?? 0))
  }

  const [openai, anthropic, ollama] = await Promise.all([startOpenAiServer({ scenario }), startAnthropicServer({ scenario }), startOllamaServer({ scenario })])
  return {
    config: {
      providers: {
        free: { type: 'ollama', host: ollama.url, model: 'model-free', free: true },
        first: { type: 'openai', base_url: openai.url, model: 'model-a' },
        second: { type: 'anthropic', base_url: anthropic.url, api_key: '${CHAOS_API_KEY}', model: 'model-b' },
      },
      tiers: { small: [{ provider: 'free' }, { provider: 'first' }], medium: [{ provider: 'first' }, { provider: 'second' }], large: [{ provider: 'second' }, { provider: 'first' }] },
      prices: PRICES,
    },
    asked,
    charged,
    stop: () => Promise.all([openai.stop(), anthropic.stop(), ollama.stop()]),
  }
}

/** A model that learns from what it was told was missing. */
function answerTo({ prompt }: ServedRequest, { keys }: ServedTask): string {
  const isTold = keys['checks'] !== undefined && prompt.includes('<missing_from_your_last_answer>')
  const file = keys['outputs'] === undefined ? '' : `\n\n\`\`\`${HANDED_IN}\nWhat was asked for.\n\`\`\`\n`
  return `All of it was thought over and is done.${isTold ? ` ${GOOD}` : ''}${file}`
}

/** What a request costs as if each of its bytes were a token, and some that a server adds, and as if all were said that may be. */
function usageOf({ prompt }: ServedRequest): Tokens {
  return { input: Buffer.byteLength(prompt) + 200, cached: 0, output: MAX_TOKENS }
}
