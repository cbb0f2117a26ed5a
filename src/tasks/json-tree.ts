import { explainJsonError } from './json-error.ts'
import { outlineJson, type JsonEntry } from './json-outline.ts'
import type { Place } from './places.ts'
import { refuse, type Reading } from './reading.ts'
import type { Path, Tree } from './tree.ts'
import { MAX_DEPTH, parseYaml } from './yaml-document.ts'
import { offsetsIn } from './yaml-tree.ts'

/**
 * Reads JSON as a tree. Ten thousand tasks are read in milliseconds, because places come from one quick
 * pass; the slow parser that knows every key's place is asked only when something has to be told.
 */
export function readJson(text: string, placeAt: (offset: number) => Place, reading: Reading): Tree | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const { offset, message } = explainJsonError(text)
    refuse(reading, placeAt(offset), `this is not valid JSON: ${message}`)
    return undefined
  }
  const outline = outlineJson(text)
  if (outline.depth > MAX_DEPTH) {
    refuse(reading, placeAt(0), `more than ${MAX_DEPTH} levels of objects and lists; write it flatter`)
    return undefined
  }
  const entries = new Map(outline.entries.map((entry) => [entry.name, entry]))
  let exact: ((path: Path) => number | undefined) | undefined
  return {
    value,
    place: (path) => {
      const near = roughOffset(entries, path)
      if (near.exact) return placeAt(near.offset)
      exact ??= exactOffsets(text)
      return placeAt(exact(path) ?? near.offset)
    },
  }
}

/** The offset as far as the outline knows it: down to an object in a list of the outermost object. */
function roughOffset(entries: ReadonlyMap<string, JsonEntry>, [name, index, ...rest]: Path): { offset: number; exact: boolean } {
  const entry = entries.get(String(name))
  if (entry === undefined) return { offset: 0, exact: name === undefined }
  if (index === undefined) return { offset: entry.offset, exact: true }
  const item = entry.items[Number(index)]
  return { offset: item ?? entry.offset, exact: item !== undefined && rest.length === 0 }
}

/** YAML is a superset of JSON. A text that is too big for its parser has rough places only. */
function exactOffsets(text: string): (path: Path) => number | undefined {
  const parsed = parseYaml(text)
  return parsed.result === 'document' ? offsetsIn(parsed.document) : () => undefined
}
