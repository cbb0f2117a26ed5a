/** A map that forgets, beyond `most` entries, the one that was set longest ago. */
export type BoundedMap<Value> = { get: (key: string) => Value | undefined; set: (key: string, value: Value) => void; delete: (key: string) => void }

export function boundedMap<Value>(most: number): BoundedMap<Value> {
  const entries = new Map<string, Value>()
  return {
    get: (key) => entries.get(key),
    set: (key, value) => {
      // A map keeps the order in which its keys came.
      entries.delete(key)
      entries.set(key, value)
      const [oldest] = entries.size > most ? entries.keys() : []
      if (oldest !== undefined) entries.delete(oldest)
    },
    delete: (key) => void entries.delete(key),
  }
}
