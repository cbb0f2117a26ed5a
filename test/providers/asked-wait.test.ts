import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { askedWait } from '../../src/providers/http/asked-wait.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')

const wait = (headers: Record<string, string>, status = 429) => askedWait(status, new Headers(headers), NOW)

/** Anthropic's headers for one thing that it counts. */
const anthropic = (counted: string, remaining: number, reset: string) => ({
  [`anthropic-ratelimit-${counted}-remaining`]: String(remaining),
  [`anthropic-ratelimit-${counted}-reset`]: reset,
})

/** OpenAI's. */
const openAi = (counted: string, remaining: number, reset: string) => ({
  [`x-ratelimit-remaining-${counted}`]: String(remaining),
  [`x-ratelimit-reset-${counted}`]: reset,
})

describe('how long a server asks to be left alone', () => {
  it('is what Retry-After says, whatever else is told', () => {
    const others = { ...anthropic('requests', 0, '2026-03-01T13:00:00Z'), ...openAi('requests', 0, '1h0m0s') }
    expect(wait({ 'retry-after': '2', ...others })).toBe(2000)
  })

  it('is, with Anthropic, until what is used up is there again', () => {
    expect(wait({ ...anthropic('requests', 40, '2026-03-01T12:30:00Z'), ...anthropic('tokens', 0, '2026-03-01T12:00:20Z') })).toBe(20_000)
    expect(wait(anthropic('output-tokens', 0, '2026-03-01T14:00:20+02:00'))).toBe(20_000)
  })

  it('is the longest wait where several are used up', () => {
    expect(wait({ ...anthropic('requests', 0, '2026-03-01T12:00:05Z'), ...anthropic('input-tokens', 0, '2026-03-01T12:01:00Z') })).toBe(60_000)
    expect(wait({ ...openAi('requests', 0, '120ms'), ...openAi('tokens', 0, '1.5s') })).toBe(1500)
  })

  it('is, with Anthropic, the longest wait of all where nothing is quite used up', () => {
    expect(wait({ ...anthropic('requests', 3, '2026-03-01T12:00:05Z'), ...anthropic('tokens', 1000, '2026-03-01T12:00:30Z') })).toBe(30_000)
  })

  it.each([
    ['1s', 1000],
    ['6m0s', 360_000],
    ['120ms', 120],
    ['7.66s', 7660],
    ['1h0m1s', 3_601_000],
    ['2d1h', 176_400_000],
  ])('is, with OpenAI, a duration like %s', (reset, ms) => expect(wait(openAi('tokens', 0, reset))).toBe(ms))

  it('is nothing where OpenAI has nothing used up: its durations are those to a full measure', () => {
    expect(wait({ ...openAi('requests', 3, '1s'), ...openAi('tokens', 100, '6m0s') })).toBeUndefined()
  })

  it('is nothing where a reset is past or cannot be read', () => {
    expect(wait(anthropic('requests', 0, '2026-03-01T11:59:59Z'))).toBeUndefined()
    expect(wait(anthropic('requests', 0, 'soon'))).toBeUndefined()
    expect(wait(openAi('requests', 0, '0s'))).toBeUndefined()
    for (const odd of ['', '5', 's', '-1s', '1s!', '1e9s', '1.s']) expect(wait(openAi('requests', 0, odd)), odd).toBeUndefined()
    expect(wait({ 'anthropic-ratelimit-requests-remaining': '0', 'x-ratelimit-remaining-requests': '0' })).toBeUndefined()
  })

  it('is read from resets only when the server asks to slow down: they come with every answer', () => {
    expect(wait(anthropic('requests', 0, '2026-03-01T12:30:00Z'), 400)).toBeUndefined()
    expect(wait({ 'retry-after': '2' }, 503)).toBe(2000)
  })

  it('is a week where a weekly quota is used up, and 8 days at most', () => {
    expect(wait(anthropic('tokens', 0, '2026-03-08T12:00:00Z'))).toBe(7 * 86_400_000)
    expect(wait(anthropic('tokens', 0, '2027-03-01T12:00:00Z'))).toBe(8 * 86_400_000)
    expect(wait(openAi('tokens', 0, '99999999h'))).toBe(8 * 86_400_000)
  })

  it('is a whole number of milliseconds that a timer can hold, whatever the headers say', () => {
    const values = fc.oneof(fc.stringMatching(/^[0-9a-zA-Z.:+-]{0,24}$/), fc.constantFrom('0', '1s', '2026-03-01T12:00:00.5Z'))
    const names = Object.keys({ 'retry-after': '', 'retry-after-ms': '', ...anthropic('tokens', 0, ''), ...openAi('tokens', 0, '') })
    const headers = fc.dictionary(fc.constantFrom(...names), values)
    fc.assert(
      fc.property(headers, (told) => {
        const ms = wait(told)
        if (ms !== undefined) expect(Number.isInteger(ms) && ms >= 0 && ms <= 8 * 86_400_000).toBe(true)
      }),
    )
  })
})
