import type { FailureKind } from '../../core/outcome.ts'
import { oneLine } from '../../core/sanitize.ts'
import type { Failure } from './chat.ts'
import type { HttpSignal } from './signal.ts'
import { shownUrl } from './server-url.ts'

/** Who a failure is about, and what a person can do about it. */
export type Server = {
  /** The provider's name in the configuration. */
  name: string
  url: string
  /** Where the configuration says it. */
  url_key: 'base_url' | 'host'
  /** Taken out of everything the server says. */
  api_key?: string | undefined
  /** What to do next, as whole sentences. */
  advice: Record<'auth' | 'model_missing' | 'provider_down' | 'bad_output', string>
}

/** The one place that says which kind of failure a signal is, and puts it into a line for a person. */
export function failureOf(signal: HttpSignal, server: Server): Failure {
  const { kind, found, next = nextStep(kind, server) } = judge(signal, server)
  const message = `${server.name} (${shownUrl(server.url)}) ${found}. ${next}`
  const wait = signal.signal === 'refused' ? signal.retry_after_ms : undefined
  return { result: 'failed', kind, message, ...(wait === undefined ? {} : { retry_after_ms: wait }), ...chargeOf(signal) }
}

/** Statuses by which a proxy says that what works behind it broke off (502) or was not waited for (504; Cloudflare's 524): that may have worked. */
const LOST_BEHIND = [502, 504, 524]

/** What is known of a failure's cost: that there is none, what was used, or nothing. */
function chargeOf(signal: HttpSignal): Pick<Failure, 'unspent' | 'usage'> {
  switch (signal.signal) {
    case 'refused':
      return LOST_BEHIND.includes(signal.status) ? {} : { unspent: true }
    case 'broken':
      return signal.asked ? {} : { unspent: true }
    case 'empty':
      return signal.usage === undefined ? {} : { usage: signal.usage }
    case 'cut_short':
    case 'failed_midway':
    case 'garbage':
    case 'endless':
    case 'no_answer':
      return {}
  }
}

/** The kinds that a server can cause. */
type HttpKind = Extract<FailureKind, 'auth' | 'model_missing' | 'rate_limited' | 'quota_exhausted' | 'bad_request' | 'provider_down' | 'bad_output'>

function judge(signal: HttpSignal, server: Server): { kind: HttpKind; found: string; next?: string } {
  switch (signal.signal) {
    case 'refused': {
      const kind = kindOf(signal.status, signal.code)
      return { kind, found: `${FOUND[kind]} (${signal.status})${quote(signal.said, server)}` }
    }
    case 'broken':
      return { kind: 'provider_down', found: `cannot be reached${signal.asked ? ', or the connection broke' : ''} (${signal.code ?? 'no code'})` }
    case 'cut_short':
      return { kind: 'provider_down', found: 'stopped in the middle of its answer' }
    case 'failed_midway': {
      const status = Number(signal.code)
      const kind = kindOf(status >= 400 ? status : 500, signal.code)
      return { kind, found: `${FOUND[kind]} in the middle of its answer${quote(signal.said, server)}` }
    }
    case 'garbage':
      return { kind: 'bad_output', found: FOUND.bad_output }
    case 'endless':
      return { kind: 'bad_output', found: `did not end its answer within ${signal.characters} characters`, next: 'Set "max_tokens".' }
    case 'empty':
      return { kind: 'bad_output', found: `sent an empty answer (finish reason: ${signal.finish})`, next: afterNothing(signal.finish) }
    case 'no_answer':
      return { kind: 'bad_output', found: `sent no answer, but ${signal.said}`, next: 'Say in the prompt what there is to decide, or use another model.' }
  }
}

/** Codes that say more than the status that they come with. */
const KIND_BY_CODE: ReadonlyMap<string | undefined, HttpKind> = new Map([
  // OpenAI's, for a model that is not there or not allowed: with 404, but also with 400 and 403.
  ['model_not_found', 'model_missing'],
  // OpenAI's, for an account that has nothing left; its status, 429, only says to slow down.
  ['insufficient_quota', 'quota_exhausted'],
  // Anthropic's; the last two come with 429.
  ['billing_error', 'quota_exhausted'],
  ['contract_spend_limit_reached', 'quota_exhausted'],
  ['enforced_spend_limit_reached', 'quota_exhausted'],
])

const KIND_BY_STATUS: Readonly<Record<number, HttpKind>> = {
  401: 'auth',
  // "Payment required": OpenRouter, DeepSeek and Anthropic say so when there is no credit left.
  402: 'quota_exhausted',
  403: 'auth',
  404: 'model_missing',
  // The server waited too long for the request.
  408: 'provider_down',
  429: 'rate_limited',
}

export function kindOf(status: number, code: string | undefined): HttpKind {
  const known = KIND_BY_CODE.get(code) ?? KIND_BY_STATUS[status]
  if (known !== undefined) return known
  if (status >= 400 && status < 500) return 'bad_request'
  return status < 400 ? 'bad_output' : 'provider_down'
}

const FOUND: Record<HttpKind, string> = {
  auth: 'did not accept the key',
  model_missing: 'does not have the model, or nothing at this address',
  rate_limited: 'asks to slow down',
  quota_exhausted: 'says that the account has nothing left',
  bad_request: 'refused the request',
  provider_down: 'failed',
  bad_output: 'sent something that is not an answer',
}

function nextStep(kind: HttpKind, server: Server): string {
  switch (kind) {
    case 'auth':
    case 'model_missing':
    case 'provider_down':
    case 'bad_output':
      return server.advice[kind]
    case 'rate_limited':
      return `Wait, or lower "execution.per_provider.${server.name}" in config.json.`
    case 'quota_exhausted':
      return 'Top it up, or use another provider.'
    case 'bad_request':
      return 'Change the task, or the options of the provider, as it says.'
  }
}

function afterNothing(finish: string): string {
  if (finish === 'length') return 'The token limit was used up before the first word: raise "max_tokens".'
  if (finish === 'filtered') return "The server's content filter took the answer away: reword the prompt."
  return 'Reword the prompt, or use another model.'
}

const LONGEST_QUOTE = 300

/** What the server said: one line, bounded, without the key. */
function quote(said: string, { api_key }: Server): string {
  const withoutKey = api_key === undefined || api_key === '' ? said : said.replaceAll(api_key, '[key]')
  const line = oneLine(withoutKey, LONGEST_QUOTE)
  return line === '' ? '' : `: "${line}"`
}
