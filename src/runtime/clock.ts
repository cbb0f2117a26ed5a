/** Time as the runtime sees it: tests turn it by hand. */
export type Clock = {
  /** Milliseconds since 1970. */
  now: () => number
  /** Calls back once `now()` has reached `time`; the returned function takes that back. */
  at: (time: number, call: () => void) => () => void
}

/** The longest that setTimeout can wait; a later time is reached by waiting again. */
const LONGEST_WAIT_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  at: (time, call) => {
    let timer: NodeJS.Timeout
    const wait = () => {
      const left = time - Date.now()
      timer = left <= 0 ? setTimeout(call, 0) : setTimeout(left > LONGEST_WAIT_MS ? wait : call, Math.min(left, LONGEST_WAIT_MS))
    }
    wait()
    return () => clearTimeout(timer)
  },
}
