import { filesInAnswer } from '../core/answer-files.ts'
import type { Outcome } from '../core/outcome.ts'
import type { Answer } from '../providers/provider.ts'
import type { Adapters } from './adapters.ts'
import { cachePlaceOf } from './cache-place.ts'
import { requestOf, type StartAttempt } from './request.ts'
import { startTimers } from './time-limits.ts'

/** Why an attempt's signal fired: what tells a timeout from an interruption. */
export const INTERRUPTED = 'interrupted'
const TIMED_OUT = 'timed out'

/** How an attempt ended. `keep` puts its answer into the cache: call it once the answer has proved good. */
export type Attempted = { outcome: Outcome; keep?: () => Promise<void> }

type Failed = Extract<Answer, { result: 'failed' }>

/**
 * Carries out one attempt: composes what the provider is given, looks into the cache, keeps the log, holds
 * the time limits, and files the answer. Everything a provider does becomes an outcome.
 */
export async function performAttempt(start: StartAttempt, adapters: Adapters, controller: AbortController): Promise<Attempted> {
  const { spec, attempt, limits, route } = start
  const begun = performance.now()
  const log = adapters.attemptLog(spec.id, attempt)
  const stream = adapters.redactor.stream()
  let late: string | undefined
  const timers = startTimers(limits, (message) => {
    if (controller.signal.aborted) return
    late = message
    controller.abort(TIMED_OUT)
  })
  const write = (text: string) => {
    if (text !== '') timers.heard()
    log.write(stream.next(text))
  }
  try {
    const provider = await adapters.provider(route.provider)
    const request = await requestOf(start, provider, adapters)
    const place = await cachePlaceOf(start, provider, request, adapters)
    const known = await place?.find()
    if (known !== undefined) write(`[from the cache]\n${known.text}`)
    const answer = known ?? (await provider.run(request, { signal: controller.signal, write }))
    timers.stop()
    log.write(stream.end())
    const duration_ms = Math.round(performance.now() - begun)
    if (answer.result === 'failed') {
      const outcome = failureOf(answer, late, adapters, duration_ms)
      log.write(`${log.isEmpty() ? '' : '\n'}[${outcome.kind}] ${outcome.message}\n`)
      return { outcome }
    }
    const text = adapters.redactor.text(answer.text)
    const outcome = await answered(start, { ...answer, text }, known !== undefined, adapters, duration_ms)
    const isWhole = outcome.finish === 'stop' && outcome.refused === undefined
    return place === undefined || known !== undefined || !isWhole ? { outcome } : { outcome, keep: () => place.keep(text, outcome) }
  } finally {
    timers.stop()
    await log.close()
  }
}

/** @param late which time limit ended it, if one did */
function failureOf(answer: Failed, late: string | undefined, { redactor }: Adapters, duration_ms: number): Extract<Outcome, { result: 'failed' }> {
  const { kind, message, retry_after_ms, usage, cost_micro_usd, unspent } = answer
  return {
    result: 'failed',
    kind: late === undefined ? kind : 'timeout',
    message: late ?? redactor.text(message),
    ...(retry_after_ms === undefined ? {} : { retry_after_ms }),
    ...(usage === undefined ? {} : { usage }),
    ...(cost_micro_usd === undefined ? {} : { cost_micro_usd }),
    ...(unspent === undefined ? {} : { unspent }),
    duration_ms,
  }
}

type Answered = Extract<Outcome, { result: 'answered' }>

/** Files an answer: what it contains, what a command left, and the answer itself. */
async function answered(
  { spec }: StartAttempt,
  { text, usage, cost_micro_usd, finish }: Extract<Answer, { result: 'answered' }>,
  cached: boolean,
  { outputs }: Adapters,
  duration_ms: number,
): Promise<Answered> {
  const isPrompt = spec.work.kind === 'prompt'
  const { files, refused } = isPrompt ? await outputs.writeFiles(spec.id, filesInAnswer(text, spec.outputs)) : await outputs.collect(spec.id)
  const output = await outputs.writeAnswer(spec.id, text)
  return {
    result: 'answered',
    ...(output === undefined ? {} : { output }),
    ...(files.length === 0 ? {} : { files }),
    ...(refused.length === 0 ? {} : { refused }),
    ...(usage === undefined ? {} : { usage }),
    ...(cost_micro_usd === undefined ? {} : { cost_micro_usd }),
    finish,
    ...(cached ? { cached } : {}),
    duration_ms,
  }
}
