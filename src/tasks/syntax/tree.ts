import type { Place } from '../../text/places.ts'

/** Keys and indexes that lead from the root of a tree to a value in it. */
export type Path = readonly (string | number)[]

/**
 * Plain data as its author wrote it, with the place of every key. YAML, JSON and the labels of a
 * Markdown file all become trees, so that one reader of keys serves them all.
 */
export type Tree = {
  value: unknown
  /** Where the key at the end of a path stands, or the nearest thing above it that is there. */
  place: (path: Path) => Place
}

/** The tree at `path`. */
export function subtree({ value, place }: Tree, path: Path): Tree {
  const inner = path.reduce<unknown>((above, step) => inside(above, step), value)
  return { value: inner, place: (rest) => place([...path, ...rest]) }
}

function inside(above: unknown, step: string | number): unknown {
  if (Array.isArray(above)) return above[Number(step)]
  return isRecord(above) && Object.hasOwn(above, step) ? above[step] : undefined
}

/** A map of YAML, an object of JSON. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const MAX_SHOWN = 60

/** A value as a message quotes it. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (isRecord(value)) return 'a map'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return 'empty'
  return value.length > MAX_SHOWN ? `${JSON.stringify(value.slice(0, MAX_SHOWN))}…` : JSON.stringify(value)
}
