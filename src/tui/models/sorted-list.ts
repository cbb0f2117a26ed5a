import { firstWhere } from '../../core/bisect.ts'

/** Negative when `a` stands before `b`; zero only for the same. */
type Order<Item> = (a: Item, b: Item) => number

/** Items in their order, in pieces: to put one in or take one out moves a piece, not all that there are. */
export type SortedList<Item> = {
  readonly length: number
  add: (item: Item) => void
  /** Takes out what stands where this item stands. */
  remove: (item: Item) => void
  /** How many stand before it. */
  indexOf: (item: Item) => number
  slice: (from: number, to: number) => Item[]
}

/** A piece is cut in two when it is twice as long. */
const PIECE = 64

/** @param items in any order */
export function sortedList<Item>(items: readonly Item[], order: Order<Item>): SortedList<Item> {
  const sorted = items.toSorted(order)
  const pieces: Item[][] = []
  for (let at = 0; at < sorted.length; at += PIECE) pieces.push(sorted.slice(at, at + PIECE))
  let length = sorted.length

  /** The piece that an item belongs into, and its place there: the first whose last item does not stand before it. */
  function placeOf(item: Item): { index: number; piece: Item[]; at: number } {
    const index = Math.min(countBefore(pieces, (piece) => order(piece.at(-1) ?? item, item) < 0), Math.max(0, pieces.length - 1))
    const piece = pieces[index] ?? []
    return { index, piece, at: countBefore(piece, (each) => order(each, item) < 0) }
  }

  return {
    get length() {
      return length
    },
    add: (item) => {
      const { index, piece, at } = placeOf(item)
      piece.splice(at, 0, item)
      length++
      if (pieces.length === 0) pieces.push(piece)
      else if (piece.length > 2 * PIECE) pieces.splice(index + 1, 0, piece.splice(PIECE))
    },
    remove: (item) => {
      const { index, piece, at } = placeOf(item)
      const found = piece[at]
      if (found === undefined || order(found, item) !== 0) return
      piece.splice(at, 1)
      length--
      if (piece.length === 0) pieces.splice(index, 1)
    },
    indexOf: (item) => {
      const { index, at } = placeOf(item)
      let before = at
      for (let each = 0; each < index; each++) before += pieces[each]?.length ?? 0
      return before
    },
    slice: (from, to) => {
      const found: Item[] = []
      let first = 0
      for (const piece of pieces) {
        if (first >= to) break
        if (first + piece.length > from) found.push(...piece.slice(Math.max(0, from - first), to - first))
        first += piece.length
      }
      return found
    },
  }
}

/** How many items come before the first that does not meet a test; those that meet it come first. */
function countBefore<Each>(items: readonly Each[], isBefore: (item: Each) => boolean): number {
  return firstWhere(items.length, (index) => {
    const item = items[index]
    return item === undefined || !isBefore(item)
  })
}
