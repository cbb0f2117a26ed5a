import type { Stop } from './stops.ts'

/**
 * A line between two columns. Everything that comes to it from the left leads on to everything that leaves it to the
 * right: `sources` × `targets` are links, all of them. It is a vertical bar, or nothing but a straight line on one row.
 *
 * - `bundle`: several sources that lead to the same targets, and nowhere else
 * - `fan`: targets of one source
 * - `funnel`: sources of one target, whose lines end here
 * - `link`: one source and one target; it ends in the line to the target with an arrow head
 */
export type Trunk = { kind: 'bundle' | 'fan' | 'funnel' | 'link'; sources: readonly Stop[]; targets: readonly Stop[] }

/**
 * Parts the links of a column into trunks so that a reader who follows the lines finds the links and nothing else.
 * Where a line passes several trunks, one could be left by the way of another:
 *
 * - The line to a stop begins at a bundle or a fan. What joins it behind that would also lead back: so funnels may, because no
 *   other way leaves them, and links, because they only go the way of their arrow.
 * - The line from a stop ends at a bundle or a funnel. What it passes before belongs to that stop alone: fans and links.
 *
 * Hence a target has at most one bundle or fan, a source at most one bundle or funnel.
 */
export function trunksOf(column: readonly Stop[]): Trunk[] {
  const trunks: Trunk[] = []
  /** Targets whose line has begun. */
  const begun = new Set<Stop>()
  /** The source on the same row. */
  const beside = new Map<Stop, Stop>()
  for (const stop of column) for (const target of stop.to) if (target.row === stop.row) beside.set(target, stop)

  const single = new Set(column)
  for (const bundle of bundlesOf(column)) {
    const { sources, targets } = bundle
    const isFree = targets.every((target) => {
      const source = beside.get(target)
      return !begun.has(target) && (source === undefined || sources.includes(source))
    })
    if (!isFree) continue
    trunks.push(bundle)
    for (const target of targets) begun.add(target)
    for (const source of sources) single.delete(source)
  }
  /** What is left for funnels and links: sources, by where they lead. */
  const left = new Map<Stop, Stop[]>()
  for (const source of [...single].sort((a, b) => b.to.length - a.to.length)) {
    const own = source.to.filter((target) => !begun.has(target) && (beside.get(target) ?? source) === source)
    const isFan = own.length > 1 || own.some((target) => beside.get(target) === source)
    if (isFan) {
      trunks.push({ kind: 'fan', sources: [source], targets: own })
      for (const target of own) begun.add(target)
    }
    for (const target of source.to) {
      if (isFan && own.includes(target)) continue
      const others = left.get(target)
      if (others === undefined) left.set(target, [source])
      else others.push(source)
    }
  }
  return [...trunks, ...funnelsAndLinks(left, new Set(beside.values()))]
}

/** @param passing sources whose lines go on to a target on their own row */
function funnelsAndLinks(left: ReadonlyMap<Stop, readonly Stop[]>, passing: ReadonlySet<Stop>): Trunk[] {
  const trunks: Trunk[] = []
  const ended = new Set(passing)
  for (const [target, sources] of [...left].sort(([, a], [, b]) => b.length - a.length)) {
    const free = sources.filter((source) => !ended.has(source))
    if (free.length > 0) trunks.push({ kind: 'funnel', sources: free, targets: [target] })
    for (const source of sources) {
      if (ended.has(source)) trunks.push({ kind: 'link', sources: [source], targets: [target] })
      ended.add(source)
    }
  }
  return trunks
}

/** The sources that lead to the same targets, where there are several, the greatest bundles first. */
function bundlesOf(column: readonly Stop[]): Trunk[] {
  const byTargets = new Map<string, Stop[]>()
  for (const stop of column) {
    const key = stop.to
      .map(({ place }) => place)
      .sort((a, b) => a - b)
      .join()
    const sources = byTargets.get(key)
    if (sources === undefined) byTargets.set(key, [stop])
    else sources.push(stop)
  }
  return [...byTargets.values()]
    .filter(({ length }) => length > 1)
    .map((sources): Trunk => ({ kind: 'bundle', sources, targets: sources[0]?.to ?? [] }))
    .filter(({ targets }) => targets.length > 0)
    .sort((a, b) => b.sources.length * b.targets.length - a.sources.length * a.targets.length)
}
