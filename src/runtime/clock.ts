/** Time as the runtime sees it: tests turn it by hand. */
export type Clock = {
  /** Milliseconds since 1970. */
  now: () => number
  /** Calls back once `now()` has reached `time`; the returned function takes that back. */
  at: (time: number, call: () => void) => () => void
}

/** The longest that setTimeout can wait; a later time is reached by waiting again. */
const LONGEST_WAIT_MS = 2 ** 31 - 1

/** The machine's time, but that it never goes back. */
export const systemClock: Clock = onward(() => Date.now(), () => performance.now())

/**
 * A clock that follows the time of day wherever that goes forward. Where it is set back, this one goes on as if it had
 * not been: what is recorded stays in order, and nobody waits an hour longer for what was due in a second.
 * @param timeOfDay ms since 1970
 * @param passed ms since any moment; never goes back
 */
export function onward(timeOfDay: () => number, passed: () => number): Clock {
  let last = timeOfDay()
  let since = passed()

  function now(): number {
    const then = since
    since = passed()
    last = Math.max(timeOfDay(), last + since - then)
    return Math.floor(last)
  }

  return {
    now,
    at: (time, call) => {
      let timer: NodeJS.Timeout
      const wait = () => {
        const left = time - now()
        timer = left <= 0 ? setTimeout(call, 0) : setTimeout(left > LONGEST_WAIT_MS ? wait : call, Math.min(left, LONGEST_WAIT_MS))
      }
      wait()
      return () => clearTimeout(timer)
    },
  }
}
