import type { Stop } from './stops.ts'

type Link = { from: Stop; to: Stop; weight: number; before: Link | undefined; total: number }

/**
 * The links from a column to the next that are drawn as straight lines: no two at one stop, none crossing another,
 * together of the greatest weight. It is the heaviest rising sequence, found in O(links · log stops).
 */
export function straightLinks(column: readonly Stop[]): [from: Stop, to: Stop][] {
  let size = 0
  for (const { to } of column) for (const { place } of to) size = Math.max(size, place + 1)
  // A tree of maxima: entry i knows the best sequence that ends at one of the targets it stands for.
  const tree: (Link | undefined)[] = Array.from({ length: size + 1 })
  let best: Link | undefined
  for (const from of column) {
    // From below, so that no sequence takes two links of one stop.
    for (const to of from.to.toSorted((a, b) => b.place - a.place)) {
      const before = bestBelow(tree, to.place)
      const weight = weightOf(from, to)
      const link: Link = { from, to, weight, before, total: weight + (before?.total ?? 0) }
      for (let i = to.place + 1; i <= size; i += i & -i) if ((tree[i]?.total ?? 0) < link.total) tree[i] = link
      if ((best?.total ?? 0) < link.total) best = link
    }
  }
  const links: [Stop, Stop][] = []
  for (let link = best; link !== undefined; link = link.before) links.push([link.from, link.to])
  return links
}

function bestBelow(tree: readonly (Link | undefined)[], place: number): Link | undefined {
  let best: Link | undefined
  for (let i = place; i > 0; i -= i & -i) {
    const link = tree[i]
    if ((best?.total ?? 0) < (link?.total ?? 0)) best = link
  }
  return best
}

/** Long lines first; then the main line, and the topmost of what parts or comes together: the rest hangs below it. */
function weightOf(from: Stop, to: Stop): number {
  const isLong = from.vertex === undefined && to.vertex === undefined
  const isMain = from.height === to.height + 1
  return (isLong ? 24 : 16) + (isMain ? 3 : 0) + (isTopmost(to, from.to) ? 2 : 0) + (isTopmost(from, to.from) ? 2 : 0)
}

function isTopmost(stop: Stop, among: readonly Stop[]): boolean {
  return among.every(({ place }) => place >= stop.place)
}
