export type ResponseHeaders = { get: (name: string) => string | null }

/** Weekly quotas exist; a server that asks for more is not taken at its word. No timer of Node holds more than 24 days. */
const LONGEST_WAIT_MS = 8 * 24 * 60 * 60 * 1000

/**
 * How long a server asks to be left alone, in ms, at most 8 days: `retry-after-ms` (OpenAI's own), else
 * `Retry-After`, else, with the status 429, when what is used up is there again. Absent when none can be read.
 * @param now ms since the epoch
 */
export function askedWait(status: number, headers: ResponseHeaders, now: number): number | undefined {
  const ms = retryAfter(headers, now) ?? (status === 429 ? untilReset(headers, now) : undefined)
  return ms === undefined ? undefined : believedWait(ms)
}

/** What is believed of a wait in ms: whole, not negative, at most 8 days. */
export function believedWait(ms: number): number {
  return Math.min(Math.max(0, Math.round(ms)), LONGEST_WAIT_MS)
}

/** In seconds or as an HTTP date (RFC 9110 §10.2.3). */
function retryAfter(headers: ResponseHeaders, now: number): number | undefined {
  const seconds = headers.get('retry-after') ?? ''
  return [toNumber(headers.get('retry-after-ms') ?? ''), toNumber(seconds) * 1000, Date.parse(seconds) - now].find(Number.isFinite)
}

/** Something that a server counts, and gives again after a time. */
type Allowance = { used_up: boolean; wait_ms: number }

/** The longest wait for what is used up. Anthropic tells thousands of tokens: where nothing seems used up, the longest of all. */
function untilReset(headers: ResponseHeaders, now: number): number | undefined {
  const anthropics = anthropicAllowances(headers, now).filter(isAhead)
  const usedUp = [...anthropics, ...openAiAllowances(headers).filter(isAhead)].filter(({ used_up }) => used_up)
  const waits = (usedUp.length > 0 ? usedUp : anthropics).map(({ wait_ms }) => wait_ms)
  return waits.length === 0 ? undefined : Math.max(...waits)
}

/** A reset that is past, or cannot be read, says nothing about why the server refused. */
const isAhead = ({ wait_ms }: Allowance): boolean => wait_ms > 0

/** Resets are times (https://docs.claude.com/en/api/rate-limits#response-headers). */
function anthropicAllowances(headers: ResponseHeaders, now: number): Allowance[] {
  return ['requests', 'tokens', 'input-tokens', 'output-tokens'].map((counted) => ({
    used_up: isZero(headers.get(`anthropic-ratelimit-${counted}-remaining`)),
    wait_ms: Date.parse(headers.get(`anthropic-ratelimit-${counted}-reset`) ?? '') - now,
  }))
}

/** Resets are durations (https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers). */
function openAiAllowances(headers: ResponseHeaders): Allowance[] {
  return ['requests', 'tokens'].map((counted) => ({
    used_up: isZero(headers.get(`x-ratelimit-remaining-${counted}`)),
    wait_ms: duration(headers.get(`x-ratelimit-reset-${counted}`) ?? ''),
  }))
}

const isZero = (header: string | null): boolean => toNumber(header ?? '') === 0

/** Digits only: `Number` would read an empty header as 0. */
const toNumber = (header: string): number => (/^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) : Number.NaN)

const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

/** `1s`, `6m0s`, `7.66s`, `120ms` in ms; NaN for anything else. */
function duration(text: string): number {
  if (!/^(\d+(\.\d+)?(ms|[dhms]))+$/.test(text)) return Number.NaN
  const parts = [...text.matchAll(/([\d.]+)(ms|[dhms])/g)]
  return parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (UNIT_MS[unit] ?? Number.NaN), 0)
}
