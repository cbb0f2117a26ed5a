/** A person needs so long to see that something else stands where they were looking. */
const SEEN_AFTER_MS = 400

/**
 * Knows whether a person can know what their next key is about: what stands under it may become another task by itself,
 * in the instant in which the key is pressed, or ask something that the key would answer.
 */
export type Attention = {
  /** It was drawn like this. */
  drawn: (subject: string) => void
  /** They have moved to it themselves. */
  moved: (subject: string) => void
  isOn: (subject: string) => boolean
}

export function createAttention(): Attention {
  let last: string | undefined
  let since = -Infinity
  return {
    drawn: (subject) => {
      if (last !== undefined && subject !== last) since = performance.now()
      last = subject
    },
    moved: (subject) => {
      last = subject
      since = -Infinity
    },
    isOn: (subject) => subject === last && performance.now() - since >= SEEN_AFTER_MS,
  }
}
