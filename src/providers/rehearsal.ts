import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod'
import { FailureKind } from '../core/outcome.ts'
import { REHEARSAL_LABEL } from '../core/route.ts'
import { cannotRun } from './http/chat.ts'
import { defineProvider } from './provider-type.ts'
import type { Answer, AttemptIo, Provider } from './provider.ts'
import { hashOf, rehearse } from './rehearsal-text.ts'

/** Kinds that a provider itself can come back with. */
const RehearsedFailure = FailureKind.exclude(['timeout', 'silent', 'interrupted', 'command_failed', 'broken'])

const DEFAULTS = { latency_ms: 400, length: 60, price_usd: 0, fail_kind: 'provider_down' } as const

export const rehearsal = defineProvider(
  z.strictObject({
    type: z.literal('rehearsal').describe('No model: a text made from the prompt, always the same to the same prompt.'),
    latency_ms: z.number().int().min(0).max(3_600_000).default(DEFAULTS.latency_ms).describe('How long an answer takes, in milliseconds.'),
    length: z.number().int().min(0).max(100_000).default(DEFAULTS.length).describe("About how many words the answer's body has."),
    price_usd: z.number().nonnegative().default(DEFAULTS.price_usd).describe('What an answer pretends to cost, in US dollars.'),
    fail_every: z.number().int().positive().optional().describe('One prompt in this many fails, always the same ones; 1: every prompt.'),
    fail_kind: RehearsedFailure.default(DEFAULTS.fail_kind).describe('What such a failure comes back as.'),
    model: z.string().optional().describe('A name to show; no model is called.'),
  }),
  (name, options) => createRehearsal({ name, ...options }),
)

export type RehearsalOptions = {
  name: string
  latency_ms?: number
  length?: number
  price_usd?: number
  fail_every?: number | undefined
  fail_kind?: z.infer<typeof RehearsedFailure>
}

/** Calls no model. Its answers are labelled, take time like a model's, and are the same every time. */
export function createRehearsal(options: RehearsalOptions): Provider {
  const { name, latency_ms, length, price_usd, fail_every, fail_kind } = { ...DEFAULTS, ...options }
  return {
    run: async (request, io): Promise<Answer> => {
      const { work } = request
      if (work.kind === 'command') return cannotRun(name)
      const fails = fail_every !== undefined && hashOf(work.prompt) % fail_every === 0
      const text = rehearse(work.prompt, length)
      const played = await play(fails ? [''] : inPieces(text, latency_ms), latency_ms, io)
      if (!played) return { result: 'failed', kind: 'interrupted', message: `${name} was interrupted` }
      if (fails) return { result: 'failed', kind: fail_kind, message: `${name} failed, as "providers.${name}.fail_every" asks for`, unspent: true }
      return { result: 'answered', text, finish: 'stop', cost_micro_usd: Math.round(price_usd * 1_000_000) }
    },
    health: () => Promise.resolve({ state: 'ready', detail: REHEARSAL_LABEL }),
  }
}

/** How often a piece of the answer comes, in ms. */
const BEAT_MS = 20

/** The text in as many pieces as there are beats in the time; words stay whole. */
function inPieces(text: string, latency_ms: number): string[] {
  const words = text.match(/\s*\S+\s*/g) ?? []
  const beats = Math.max(1, Math.min(words.length, Math.floor(latency_ms / BEAT_MS)))
  return Array.from({ length: beats }, (_, beat) =>
    words.slice(Math.floor((beat * words.length) / beats), Math.floor(((beat + 1) * words.length) / beats)).join(''),
  )
}

/** Writes the pieces over `latency_ms`; false when it was interrupted. */
async function play(pieces: string[], latency_ms: number, { signal, write }: AttemptIo): Promise<boolean> {
  for (const piece of pieces) {
    if (signal.aborted) return false
    if (latency_ms > 0) await pause(latency_ms / pieces.length, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return false
    if (piece !== '') write(piece)
  }
  return true
}
