import type { Stop } from './stops.ts'

const SWEEPS = 12
/** Beyond this many stops a sweep is felt, and the last ones change little. */
const LARGE = 1500

/** Orders each column so that few lines cross: sweeps to and fro, each stop at the median of its neighbours. */
export function orderColumns(columns: Stop[][]): void {
  let stops = 0
  for (const column of columns) stops += column.length
  let best = crossings(columns)
  let kept = columns.map((column) => [...column])
  const sweeps = stops > LARGE ? 4 : SWEEPS
  for (let sweep = 0; sweep < sweeps && best > 0; sweep++) {
    const forward = sweep % 2 === 0
    for (const column of forward ? columns : columns.toReversed()) {
      for (const stop of column) stop.wanted = median(forward ? stop.from : stop.to) ?? stop.place
      place(column.sort((a, b) => a.wanted - b.wanted || a.place - b.place))
    }
    const count = crossings(columns)
    if (count >= best) continue
    best = count
    kept = columns.map((column) => [...column])
  }
  kept.forEach((column, index) => {
    columns[index] = column
    place(column)
  })
}

function place(column: readonly Stop[]): void {
  column.forEach((stop, index) => (stop.place = index))
}

function median(neighbours: readonly Stop[]): number | undefined {
  // Most have one neighbour or two, and sorting is what the layout of a large graph spends its time with.
  const [first, second] = neighbours
  if (first === undefined) return undefined
  if (second === undefined) return first.place
  if (neighbours.length === 2) return (first.place + second.place) / 2
  const places = neighbours.map((stop) => stop.place).sort((a, b) => a - b)
  const low = places[(places.length - 1) >> 1]
  const high = places[places.length >> 1]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}

/** How many links cross: counted with a tree of sums, O(links · log stops). */
function crossings(columns: readonly (readonly Stop[])[]): number {
  let count = 0
  columns.forEach((column, index) => {
    const size = columns[index + 1]?.length ?? 0
    const sums = new Int32Array(size + 1)
    let added = 0
    for (const stop of column) {
      // Links of one stop do not cross each other: all are counted before any is added.
      for (const { place: target } of stop.to) {
        count += added
        for (let i = target + 1; i > 0; i -= i & -i) count -= sums[i] ?? 0
      }
      for (const { place: target } of stop.to) {
        added++
        for (let i = target + 1; i <= size; i += i & -i) sums[i] = (sums[i] ?? 0) + 1
      }
    }
  })
  return count
}
