import type { Stop } from './stops.ts'
import { straightLinks } from './straight-links.ts'

/** Stops on one row, in columns side by side: the lines between them are straight. */
type Block = { stops: Stop[]; above: Set<Block>; below: Set<Block>; row: number }

/** Gives each stop its row: straight lines where the order of the columns allows them, and everything as high up as it can be. */
export function assignRows(columns: readonly (readonly Stop[])[]): void {
  const blocks = sort(blocksOf(columns))
  for (const block of blocks) for (const { row } of block.above) block.row = Math.max(block.row, row + 1)
  const fromBelow = blocks.toReversed()
  for (let pass = 0; pass < 2; pass++) {
    for (const block of fromBelow) moveDown(block)
    for (const block of blocks) moveUp(block)
  }
  for (const { row, stops } of blocks) for (const stop of stops) stop.row = row
}

function blocksOf(columns: readonly (readonly Stop[])[]): Block[] {
  const blocks: Block[] = []
  const blockOf = new Map<Stop, Block>()
  for (const column of columns) {
    const straight = straightLinks(column)
    let above: Block | undefined
    for (const stop of column) {
      // The column before has chosen already which of its lines come to this one straight.
      const block = blockOf.get(stop) ?? newBlock(stop, blocks, blockOf)
      if (above !== undefined) {
        above.below.add(block)
        block.above.add(above)
      }
      above = block
    }
    for (const [from, to] of straight) {
      const block = blockOf.get(from)
      if (block === undefined) throw new Error('bug: a line starts where no stop is')
      block.stops.push(to)
      blockOf.set(to, block)
    }
  }
  return blocks
}

function newBlock(stop: Stop, blocks: Block[], blockOf: Map<Stop, Block>): Block {
  const block: Block = { stops: [stop], above: new Set(), below: new Set(), row: 0 }
  blocks.push(block)
  blockOf.set(stop, block)
  return block
}

/** From top to bottom. Straight lines do not cross, so that no block is above and below another. */
function sort(blocks: readonly Block[]): Block[] {
  const missing = new Map(blocks.map((block) => [block, block.above.size]))
  const order = blocks.filter(({ above }) => above.size === 0)
  for (const block of order) {
    for (const next of block.below) {
      const left = (missing.get(next) ?? 0) - 1
      missing.set(next, left)
      if (left === 0) order.push(next)
    }
  }
  if (order.length < blocks.length) throw new Error('bug: straight lines cross each other')
  return order
}

/** Towards the neighbours as far as there is room: vertical lines get shorter. */
function moveDown(block: Block): void {
  const wanted = wantedRows(block)
  if (wanted === undefined || wanted.low <= block.row) return
  let limit = Infinity
  for (const { row } of block.below) limit = Math.min(limit, row - 1)
  block.row = Math.max(block.row, Math.min(limit, wanted.low))
}

function moveUp(block: Block): void {
  const wanted = wantedRows(block)
  if (wanted === undefined || wanted.high >= block.row) return
  let limit = 0
  for (const { row } of block.above) limit = Math.max(limit, row + 1)
  block.row = Math.min(block.row, Math.max(limit, wanted.high))
}

/** The median of the rows that lines lead to: between `low` and `high` they are equally short. */
function wantedRows({ stops }: Block): { low: number; high: number } | undefined {
  const rows: number[] = []
  const members = new Set(stops)
  for (const { from, to } of stops) for (const list of [from, to]) for (const other of list) if (!members.has(other)) rows.push(other.row)
  rows.sort((a, b) => a - b)
  const low = rows[(rows.length - 1) >> 1]
  const high = rows[rows.length >> 1]
  return low === undefined || high === undefined ? undefined : { low, high }
}
