import type { Limits } from '../core/commands.ts'
import type { FailureKind } from '../core/outcome.ts'

/** The timers of one attempt. */
export type Timers = {
  /** Something of the answer has come. */
  heard: () => void
  /** A person is asked: until `resume` no time passes for the attempt. */
  pause: () => void
  resume: () => void
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
  const total = createTimer(timeout_s, () => expired({ kind: 'timeout', message: `it took longer than ${timeout_s} s` }))
  const first = createTimer(first_token_timeout_s, () => silent(`no word of an answer came within ${first_token_timeout_s} s (first_token_timeout_s)`))
  const idle = createTimer(idle_timeout_s, () => silent(`nothing more of the answer came for ${idle_timeout_s} s (idle_timeout_s)`))
  let silence = first
  let isPaused = false
  total.start()
  silence.start()
  return {
    heard: () => {
      if (isPaused) return
      if (silence === first) first.stop()
      silence = idle
      silence.start()
    },
    pause: () => {
      isPaused = true
      total.pause()
      silence.stop()
    },
    resume: () => {
      isPaused = false
      total.start()
      silence.start()
    },
    stop: () => {
      total.stop()
      silence.stop()
    },
  }
}

type Timer = { start: () => void; pause: () => void; stop: () => void }

const NO_TIMER: Timer = { start: () => {}, pause: () => {}, stop: () => {} }

/** A timer that can be paused, and goes on with what was left then; one that is started while it runs begins anew. */
function createTimer(seconds: number | undefined, call: () => void): Timer {
  if (seconds === undefined) return NO_TIMER
  const whole_ms = seconds * 1000
  let left = whole_ms
  let since = 0
  let timer: NodeJS.Timeout | undefined
  return {
    start: () => {
      if (timer !== undefined) {
        since = performance.now()
        timer.refresh()
        return
      }
      since = performance.now()
      timer = setTimeout(call, left)
    },
    pause: () => {
      if (timer === undefined) return
      clearTimeout(timer)
      timer = undefined
      left = Math.max(0, left - (performance.now() - since))
    },
    stop: () => {
      clearTimeout(timer)
      timer = undefined
      left = whole_ms
    },
  }
}
