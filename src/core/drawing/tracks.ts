import type { Stop } from './stops.ts'
import type { Trunk } from './trunks.ts'

/** The vertical line of a trunk, on its track between two columns. */
export type Bar = { trunk: Trunk; top: Stop; bottom: Stop; track: number }

/** @returns the bars with their tracks, or the stops that need rows of their own before there are such tracks */
export function layTracks(trunks: readonly Trunk[]): { bars: Bar[]; count: number } | { crowded: ReadonlySet<Stop> } {
  const bars = trunks.map(barOf).filter(({ top, bottom }) => top.row < bottom.row)
  const waitsFor = new Map<Bar, Behind[]>()
  const followers = new Map<Bar, Behind[]>()
  for (const behind of orderOf(bars)) {
    add(waitsFor, behind.after, behind)
    add(followers, behind.before, behind)
  }
  const missing = new Map(bars.map((bar) => [bar, waitsFor.get(bar)?.length ?? 0]))
  const tracks: Bar[][] = []
  const crowded = new Set<Stop>()
  const order = bars.filter((bar) => missing.get(bar) === 0).sort((a, b) => a.top.row - b.top.row || a.bottom.row - b.bottom.row)
  const release = ({ after }: Behind): void => {
    const left = (missing.get(after) ?? 0) - 1
    missing.set(after, left)
    if (left === 0) order.push(after)
  }
  for (let index = 0; index < bars.length; index++) {
    while (index === order.length) {
      const placed = new Set(order)
      const knot = knotOf(bars, waitsFor, placed, crowded)
      crowded.add(knot)
      for (const list of waitsFor.values()) for (const behind of list) if (behind.at === knot && !placed.has(behind.before)) release(behind)
    }
    const bar = order[index]
    if (bar === undefined) throw new Error('bug: a line of a graph has no place in the order')
    // Where a row has to be made first, all of this is done again.
    if (crowded.size === 0) place(bar, tracks)
    for (const behind of followers.get(bar) ?? []) {
      behind.after.track = Math.max(behind.after.track, bar.track + 1)
      if (behind.at === undefined || !crowded.has(behind.at)) release(behind)
    }
  }
  return crowded.size > 0 ? { crowded } : { bars, count: tracks.length }
}

/** Bars that are left wait for each other in a circle, which opens where one of them lets go of a row that it shares. */
function knotOf(bars: readonly Bar[], waitsFor: ReadonlyMap<Bar, readonly Behind[]>, placed: ReadonlySet<Bar>, crowded: ReadonlySet<Stop>): Stop {
  const path: Behind[] = []
  const seen = new Map<Bar, number>()
  let bar = bars.find((one) => !placed.has(one))
  while (bar !== undefined && !seen.has(bar)) {
    seen.set(bar, path.length)
    const behind: Behind | undefined = waitsFor.get(bar)?.find(({ before, at }) => !placed.has(before) && (at === undefined || !crowded.has(at)))
    if (behind === undefined) break
    path.push(behind)
    bar = behind.before
  }
  const knot = path.slice(bar === undefined ? 0 : seen.get(bar)).find(({ at }) => at !== undefined)?.at
  if (knot === undefined) throw new Error('bug: the lines of a graph cannot be put in order')
  return knot
}

/** One bar stands left of another. `at`: only as long as that stop shares its row with one on the left. */
type Behind = { before: Bar; after: Bar; at: Stop | undefined }

/** What `trunks.ts` asks for, and that lines which come into a row end before those begin that leave it. */
function orderOf(bars: readonly Bar[]): Behind[] {
  const out = new Map<Stop, Bar[]>()
  const into = new Map<Stop, Bar[]>()
  for (const bar of bars) {
    for (const source of bar.trunk.sources) add(out, source, bar)
    for (const target of bar.trunk.targets) add(into, target, bar)
  }
  const behind: Behind[] = []
  for (const own of out.values()) pairs(own, ({ trunk: { kind } }) => kind === 'fan' || kind === 'link', behind)
  for (const own of into.values()) pairs(own, ({ trunk: { kind } }) => kind === 'bundle' || kind === 'fan', behind)
  const sourceOn = new Map([...out.keys()].map((stop) => [stop.row, stop]))
  for (const [target, entering] of into) {
    const source = sourceOn.get(target.row)
    if (source === undefined) continue
    for (const before of out.get(source) ?? []) for (const after of entering) if (before !== after) behind.push({ before, after, at: target })
  }
  return behind
}

function pairs(bars: readonly Bar[], isFirst: (bar: Bar) => boolean, behind: Behind[]): void {
  for (const before of bars) if (isFirst(before)) for (const after of bars) if (!isFirst(after)) behind.push({ before, after, at: undefined })
}

function barOf(trunk: Trunk): Bar {
  const stops = [...trunk.sources, ...trunk.targets]
  const top = stops.reduce((a, b) => (b.row < a.row ? b : a))
  const bottom = stops.reduce((a, b) => (b.row > a.row ? b : a))
  return { trunk, top, bottom, track: 0 }
}

/** On the first track, from the bar's own least one on, that is free from its top to its bottom. */
function place(bar: Bar, tracks: Bar[][]): void {
  const isFree = (others: readonly Bar[]) => others.every(({ top, bottom }) => bottom.row < bar.top.row || top.row > bar.bottom.row)
  let track = bar.track
  while (tracks[track] !== undefined && !isFree(tracks[track] ?? [])) track++
  bar.track = track
  while (tracks.length <= track) tracks.push([])
  tracks[track]?.push(bar)
}

function add<Key, Of>(map: Map<Key, Of[]>, key: Key, one: Of): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [one])
  else list.push(one)
}
