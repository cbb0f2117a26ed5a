import type { Limits } from '../core/commands.ts'
import type { FailureKind } from '../core/outcome.ts'

/** The timers of one attempt. */
export type Timers = {
  /** Something of the answer has come. */
  heard: () => void
  stop: () => void
}

/** Which limit was passed, as a kind of failure, and in words for a person. */
export type Expiry = { kind: Extract<FailureKind, 'timeout' | 'silent'>; message: string }

/**
 * Holds an attempt to its three limits: in all, until the first word of its answer, and between two of them.
 * @param expired is told which limit was passed
 */
export function startTimers({ timeout_s, first_token_timeout_s, idle_timeout_s }: Limits, expired: (expiry: Expiry) => void): Timers {
  const silent = (message: string) => expired({ kind: 'silent', message })
  const total = after(timeout_s, () => expired({ kind: 'timeout', message: `it took longer than ${timeout_s} s` }))
  let silence = after(first_token_timeout_s, () => silent(`no word of an answer came within ${first_token_timeout_s} s (first_token_timeout_s)`))
  let hasBegun = false
  return {
    heard: () => {
      if (hasBegun) silence?.refresh()
      else {
        hasBegun = true
        clearTimeout(silence)
        silence = after(idle_timeout_s, () => silent(`nothing more of the answer came for ${idle_timeout_s} s (idle_timeout_s)`))
      }
    },
    stop: () => {
      clearTimeout(total)
      clearTimeout(silence)
    },
  }
}

function after(seconds: number | undefined, call: () => void): NodeJS.Timeout | undefined {
  return seconds === undefined ? undefined : setTimeout(call, seconds * 1000)
}
