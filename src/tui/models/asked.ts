/** Answers that take their time, by what was asked: undefined until the first one has come. */
export type Asked<Value> = (key: string) => Value | undefined

type Options<Value> = {
  /** What fails is an answer as well: it never rejects. */
  read: (key: string) => Promise<Value>
  /** Answers that are kept. */
  most: number
  /** Ms for which an answer is true; it is shown until the next one has come. */
  lasts: (value: Value) => number
  /** An answer has come. */
  changed: () => void
}

/**
 * Asks once for each key, one after the other, so that whoever looks at a thousand things is not kept waiting; what was
 * asked for last comes first.
 */
export function asked<Value>({ read, most, lasts, changed }: Options<Value>): Asked<Value> {
  const known = new Map<string, { value: Value; until: number }>()
  const waiting: string[] = []
  let reading: string | undefined

  function ask(key: string): void {
    if (reading === key || waiting.includes(key)) return
    waiting.push(key)
    // What has been scrolled past long ago is asked for again when it is seen again.
    if (waiting.length > most) waiting.shift()
    if (reading === undefined) void next()
  }

  async function next(): Promise<void> {
    for (reading = waiting.pop(); reading !== undefined; reading = waiting.pop()) {
      const value = await read(reading)
      known.delete(reading)
      known.set(reading, { value, until: Date.now() + lasts(value) })
      for (const oldest of known.keys()) {
        if (known.size <= most) break
        known.delete(oldest)
      }
      changed()
    }
  }

  return (key) => {
    const found = known.get(key)
    if (found === undefined || found.until < Date.now()) ask(key)
    return found?.value
  }
}
