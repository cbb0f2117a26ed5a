import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from '../src/core/commands.ts'
import type { CacheMode } from '../src/core/task.ts'
import { createRunFolder } from '../src/store/run-folder.ts'
import { task } from '../test/core/specs.ts'
import { median } from './spread.ts'
import { performerIn } from './performer.ts'

/** Milliseconds of one attempt, the middle of many. */
export type HitLatency = { bytes: number; hit_ms: number; asked_ms: number }

const ROUNDS = 300

/**
 * How long an attempt takes whose answer is in the cache, beside the same attempt with a provider that
 * answers at once: what a hit saves is the provider's time, and what it costs is the difference.
 * @param bytes of the answer
 */
export async function cacheHit(bytes: number): Promise<HitLatency> {
  const dir = await mkdtemp(join(tmpdir(), 'tutti-bench-'))
  try {
    const folder = await createRunFolder(join(dir, 'runs'), '20261120-120000-0000')
    const text = 'x'.repeat(bytes)
    const { perform } = performerIn(dir, folder, (_, { write }) => {
      write(text)
      return Promise.resolve({ result: 'answered', text, finish: 'stop' })
    })

    async function attempt(index: number, cache: CacheMode): Promise<number> {
      const command: Command = {
        type: 'start-attempt',
        spec: task(`${cache}${index}`, { work: { kind: 'prompt', prompt: `question ${index}` } }),
        attempt: 1,
        route: { provider: 'p', reason: 'bench' },
        reserved: undefined,
        limits: { timeout_s: 60, first_token_timeout_s: 10, idle_timeout_s: 10, max_tokens: 1, max_cost_micro_usd: undefined },
        session: { attempt: 1, spent_micro_usd: 0 },
        cache,
        dependencies: [],
        feedback: [],
        said: { comments: [], replies: [] },
        may_ask: false,
        is_reviewed: false,
      }
      const begun = performance.now()
      await perform(command, () => {})
      return performance.now() - begun
    }

    const asked: number[] = []
    const hits: number[] = []
    for (let index = 0; index < ROUNDS; index++) {
      await attempt(index, 'refresh')
      asked.push(await attempt(index, 'off'))
      hits.push(await attempt(index, 'read'))
    }
    return { bytes, hit_ms: median(hits), asked_ms: median(asked) }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
