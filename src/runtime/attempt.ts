import type { StartAttempt } from '../core/commands.ts'
import { filesInAnswer } from '../core/answer-files.ts'
import { DiskRefusal, errorMessage, refusedAt } from '../core/error.ts'
import type { Answered, Failed, Outcome } from '../core/outcome.ts'
import type { Question, Reply } from '../core/question.ts'
import { questionText, replyText } from '../core/views/gate-words.ts'
import type { Answer, AskPerson } from '../providers/provider.ts'
import type { Adapters } from './adapters.ts'
import { inTurn, withRules } from './asking.ts'
import { cachePlaceOf } from './cache-place.ts'
import { requestOf } from './request.ts'
import { asMeant, withoutSecrets } from './secret-question.ts'
import { startTimers, type Expiry } from './time-limits.ts'

/** Why an attempt's signal fired: what tells a timeout from an interruption, and from a question that nobody answers. */
export const INTERRUPTED = 'interrupted'
export const UNANSWERED = 'unanswered'
const TIMED_OUT = 'timed out'

/** How an attempt ended. `keep` puts its answer into the cache: call it once the answer has proved good. */
export type Attempted = { outcome: Outcome; keep?: () => Promise<void> }

/**
 * Carries out one attempt: composes what the provider is given, looks into the cache, keeps the log, holds
 * the time limits, and files the answer. Everything a provider does becomes an outcome, and so does what
 * breaks in the task (a folder that it removed, a bug): no other branch suffers from it. Throws `DiskRefusal`
 * where the disk does not keep what came of it: that is no failure of the task.
 * @param put puts a question to whoever decides
 */
export async function performAttempt(start: StartAttempt, adapters: Adapters, controller: AbortController, put: AskPerson): Promise<Attempted> {
  const { spec, attempt, limits, route } = start
  const begun = performance.now()
  const log = adapters.attemptLog(spec.id, attempt)
  const stream = adapters.redactor.stream()
  let late: Expiry | undefined
  let asked = false
  let heard: Answer | undefined
  let hasAsked = false
  const timers = startTimers(limits, (expiry) => {
    if (controller.signal.aborted) return
    late = expiry
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
    const askPerson = async (question: Question, withdrawn?: AbortSignal): Promise<Reply> => {
      hasAsked = true
      const shown = withoutSecrets(question, adapters.redactor)
      write(`[asks] ${questionText(shown)}\n`)
      timers.pause()
      const reply = await put(shown, withdrawn)
      timers.resume()
      write(`[is told] ${replyText(reply)}\n`)
      return asMeant(reply, question, shown)
    }
    const run = () => {
      asked = true
      return provider.run(request, { signal: controller.signal, write, heard: timers.heard, ...(start.may_ask ? { ask: withRules(spec, request, inTurn(askPerson)) } : {}) })
    }
    const answer = known ?? (start.cache === 'only' ? GONE_FROM_CACHE : await run())
    heard = answer
    timers.stop()
    log.write(stream.end())
    const duration_ms = Math.round(performance.now() - begun)
    if (answer.result === 'failed') {
      const outcome = failureOf(unanswered(answer, controller), late, adapters, duration_ms)
      log.write(`${log.isEmpty() ? '' : '\n'}[${outcome.kind}] ${outcome.message}\n`)
      return { outcome }
    }
    const text = adapters.redactor.text(answer.text)
    const outcome = await answered(start, { ...answer, text }, known !== undefined, adapters, duration_ms)
    const isWhole = outcome.finish === 'stop' && outcome.refused === undefined
    // What a person has said is no part of what an answer is kept under.
    return place === undefined || known !== undefined || !isWhole || hasAsked ? { outcome } : { outcome, keep: () => place.keep(text, outcome) }
  } catch (caught) {
    const error = refusedAt(undefined, caught)
    if (error instanceof DiskRefusal) throw error
    const kind = controller.signal.reason === INTERRUPTED ? 'interrupted' : 'broken'
    const { usage, cost_micro_usd } = heard ?? {}
    return { outcome: failureOf({ result: 'failed', kind, message: errorMessage(error), usage, cost_micro_usd, ...(asked ? {} : { unspent: true }) }, late, adapters, 0) }
  } finally {
    timers.stop()
    await log.close()
  }
}

/** An attempt that was ended because nobody is there to answer it was not interrupted. */
function unanswered(answer: Extract<Answer, { result: 'failed' }>, { signal }: AbortController): Extract<Answer, { result: 'failed' }> {
  return signal.reason === UNANSWERED ? { ...answer, kind: 'unanswered', message: 'it asked, and nobody is there to answer (on_question: fail)' } : answer
}

/** Whether the answer to an attempt is in the cache: it could be had without asking anybody. */
export async function isInCache(start: StartAttempt, adapters: Adapters): Promise<boolean> {
  const provider = await adapters.provider(start.route.provider)
  const place = await cachePlaceOf(start, provider, await requestOf(start, provider, adapters), adapters)
  return (await place?.find()) !== undefined
}

/** There is no money to ask for it again; whether there is an answer is looked up anew. */
const GONE_FROM_CACHE: Answer = { result: 'failed', kind: 'interrupted', message: 'its answer is no longer in the cache', unspent: true }

/** In ms: weekly quotas exist, and a provider that asks for more than that is not taken at its word. */
const LONGEST_WAIT_MS = 8 * 24 * 60 * 60 * 1000

/** @param late which time limit ended it, if one did */
function failureOf(answer: Extract<Answer, { result: 'failed' }>, late: Expiry | undefined, { redactor }: Adapters, duration_ms: number): Failed {
  const { kind, message, retry_after_ms, usage, cost_micro_usd, unspent } = answer
  return {
    result: 'failed',
    kind: late?.kind ?? kind,
    message: late?.message ?? redactor.text(message),
    // What is no time at all says nothing.
    ...(retry_after_ms === undefined || !(retry_after_ms >= 0) ? {} : { retry_after_ms: Math.min(retry_after_ms, LONGEST_WAIT_MS) }),
    ...(usage === undefined ? {} : { usage }),
    ...(cost_micro_usd === undefined ? {} : { cost_micro_usd }),
    ...(unspent === undefined ? {} : { unspent }),
    duration_ms,
  }
}

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
