/** A figure of all tasks, made anew when it is asked for after something has happened. */
export type Overview<Of> = { get: () => Of; close: () => void }

/** What took long is followed by a pause this many times as long: a large run may cost no more of the time than this. */
const PAUSE_FACTOR = 30

/**
 * @param version another number when something has happened
 * @param changed is called when a figure that was shown as it was before can be made anew
 */
export function overview<Of>(make: () => Of, version: () => number, changed: () => void): Overview<Of> {
  let made: { value: Of; version: number; pausedUntil: number } | undefined
  let timer: NodeJS.Timeout | undefined

  function anew(): Of {
    const begun = performance.now()
    const value = make()
    const ended = performance.now()
    made = { value, version: version(), pausedUntil: ended + (ended - begun) * PAUSE_FACTOR }
    return value
  }

  return {
    get: () => {
      if (made === undefined) return anew()
      if (made.version === version()) return made.value
      const left = made.pausedUntil - performance.now()
      if (left <= 0) return anew()
      timer ??= setTimeout(() => {
        timer = undefined
        changed()
      }, left)
      return made.value
    },
    close: () => clearTimeout(timer),
  }
}
