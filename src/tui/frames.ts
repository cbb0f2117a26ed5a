/** Frames in a second, at most: what changes by itself is seen soon enough. What a person does is seen at once. */
const FRAME_MS = 100

/** `now`: a person waits for it; `soon`: it may come with the next frame. */
type When = 'now' | 'soon'

/** Turns word of changes, thousands a second, into frames that are drawn. */
export type Frames = {
  /** Something that is shown may have changed. */
  due: (when: When) => void
  /** Is called for each frame. Call the result to end that. */
  subscribe: (listener: (when: When) => void) => () => void
  /** Another number for each frame. */
  number: () => number
  close: () => void
}

export function createFrames(): Frames {
  const listeners = new Set<(when: When) => void>()
  let number = 0
  let last = -Infinity
  let timer: NodeJS.Timeout | undefined

  function draw(when: When): void {
    clearTimeout(timer)
    timer = undefined
    last = performance.now()
    number++
    for (const listener of listeners) listener(when)
  }

  return {
    due: (when) => {
      if (when === 'now') return draw(when)
      timer ??= setTimeout(() => draw('soon'), Math.max(0, last + FRAME_MS - performance.now()))
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    number: () => number,
    close: () => {
      clearTimeout(timer)
      listeners.clear()
    },
  }
}
