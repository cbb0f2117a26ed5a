import { isAlias, isMap, isScalar, isSeq, type Document, type Pair, type YAMLMap } from 'yaml'
import type { Place } from '../../text/places.ts'
import { refuse, warn, type Reading } from '../reading.ts'
import type { Path, Tree } from './tree.ts'
import { MAX_DEPTH, parseYaml, type Fault } from './yaml-document.ts'

/** Aliases count each time they are used: a few lines of them can unfold to millions of values. */
const MAX_VALUES = 500_000

/**
 * Reads a stretch of YAML as a tree; what is wrong is told to the reading, and there is no tree.
 * @param placeAt the place of an offset in `text`
 */
export function readYaml(text: string, placeAt: (offset: number) => Place, reading: Reading): Tree | undefined {
  const parsed = parseYaml(text)
  const { value, faults } = parsed.result === 'broken' ? { value: undefined, faults: parsed.faults } : plainValue(parsed.document)
  for (const { offset, message } of faults) refuse(reading, placeAt(offset), message)
  if (parsed.result === 'broken' || faults.length > 0) return undefined
  for (const { pos, message } of parsed.document.warnings) warn(reading, placeAt(pos[0]), message)
  const offsetOf = offsetsIn(parsed.document)
  return { value, place: (path) => placeAt(offsetOf(path)) }
}

/** The document as plain data: maps with simple and unique keys, aliases resolved. */
function plainValue({ contents }: Document.Parsed): { value: unknown; faults: Fault[] } {
  const faults: Fault[] = []
  const anchors = new Map<string, unknown>()
  let values = 0

  function plain(node: unknown, depth: number): unknown {
    values += 1
    if (values > MAX_VALUES || depth > MAX_DEPTH) {
      if (faults.length === 0) faults.push({ offset: offsetOfNode(node) ?? 0, message: 'this unfolds to too much data; use fewer aliases' })
      return null
    }
    if (isAlias(node)) {
      if (anchors.has(node.source)) return plain(anchors.get(node.source), depth)
      faults.push({ offset: offsetOfNode(node) ?? 0, message: `nothing before this is marked with &${node.source}` })
      return null
    }
    const value = isMap(node) ? map(node, depth) : isSeq(node) ? node.items.map((item) => plain(item, depth + 1)) : scalar(node)
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined) anchors.set(node.anchor, node)
    return value
  }

  function map(node: YAMLMap, depth: number): unknown {
    const entries = new Map<string, unknown>()
    for (const pair of node.items) {
      const name = nameOf(pair)
      const offset = offsetOfNode(pair.key) ?? node.range?.[0] ?? 0
      if (name === undefined) faults.push({ offset, message: 'a key has to be a plain name' })
      else if (entries.has(name)) faults.push({ offset, message: `\`${name}\` is stated twice; keep one of them` })
      else entries.set(name, plain(pair.value, depth + 1))
    }
    return Object.fromEntries(entries)
  }

  return { value: plain(contents, 0), faults }
}

function scalar(node: unknown): unknown {
  return isScalar(node) ? node.value : null
}

function nameOf({ key }: Pair): string | undefined {
  if (!isScalar(key) || key.value === null) return undefined
  return typeof key.value === 'string' ? key.value : key.source
}

function offsetOfNode(node: unknown): number | undefined {
  return isAlias(node) || isMap(node) || isSeq(node) || isScalar(node) ? node.range?.[0] : undefined
}

/** Finds where the value at a path, or the nearest one above it, stands. */
function offsetsIn({ contents }: Document.Parsed): (path: Path) => number {
  const pairs = new Map<YAMLMap, Map<string, Pair>>()

  function pairOf(node: YAMLMap, name: string): Pair | undefined {
    const named = pairs.get(node) ?? new Map(node.items.map((pair) => [nameOf(pair) ?? '', pair]))
    pairs.set(node, named)
    return named.get(name)
  }

  return (path) => {
    let node: unknown = contents
    let offset = offsetOfNode(node) ?? 0
    for (const step of path) {
      const pair = isMap(node) ? pairOf(node, String(step)) : undefined
      const found: unknown = pair?.key ?? (isSeq(node) ? node.items[Number(step)] : undefined)
      offset = offsetOfNode(found) ?? offset
      node = pair === undefined ? found : pair.value
    }
    return offset
  }
}
