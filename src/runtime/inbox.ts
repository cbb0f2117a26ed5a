/** What waits to be taken in, in the order in which it came. One reader. */
export type Inbox<Item> = {
  push: (item: Item) => void
  /**
   * Everything that has come; waits for the first item when there is none, and then for what comes in the same turn
   * of the event loop: sixty-four replies that are read together are decided on together, and share one flush.
   */
  take: () => Promise<Item[]>
  /** Everything that has come, without waiting. */
  drain: () => Item[]
}

const turnOver = () => new Promise<void>((resolve) => setImmediate(resolve))

export function createInbox<Item>(): Inbox<Item> {
  let items: Item[] = []
  let wake: (() => void) | undefined

  const drain = () => {
    const taken = items
    items = []
    return taken
  }

  return {
    push: (item) => {
      items.push(item)
      wake?.()
    },
    take: async () => {
      if (items.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      wake = undefined
      await turnOver()
      return drain()
    },
    drain,
  }
}
