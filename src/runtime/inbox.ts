/** What waits to be taken in, in the order in which it came. One reader. */
export type Inbox<Item> = {
  push: (item: Item) => void
  /** Everything that has come; waits for the first item when there is none. */
  take: () => Promise<Item[]>
  /** Everything that has come, without waiting. */
  drain: () => Item[]
}

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
      return drain()
    },
    drain,
  }
}
