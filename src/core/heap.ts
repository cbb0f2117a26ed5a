/**
 * A binary heap whose members can be taken out by their id. Plain data, so that a state that holds one
 * can be compared and folded; every operation is O(log n) and is given the order it keeps.
 */
export type Heap<Entry extends { id: string }> = { entries: Entry[]; places: Map<string, number> }

/** Negative when `a` leaves before `b`. */
export type Order<Entry> = (a: Entry, b: Entry) => number

export function emptyHeap<Entry extends { id: string }>(): Heap<Entry> {
  return { entries: [], places: new Map() }
}

/** The entry that leaves next. */
export function top<Entry extends { id: string }>(heap: Heap<Entry>): Entry | undefined {
  return heap.entries[0]
}

/** Adds an entry; one with the same id is replaced. */
export function insert<Entry extends { id: string }>(heap: Heap<Entry>, entry: Entry, order: Order<Entry>): void {
  remove(heap, entry.id, order)
  const last = heap.entries.length
  heap.entries.push(entry)
  heap.places.set(entry.id, last)
  rise(heap, last, order)
}

/** Takes out the entry with this id, if it is there. */
export function remove<Entry extends { id: string }>(heap: Heap<Entry>, id: string, order: Order<Entry>): void {
  const place = heap.places.get(id)
  if (place === undefined) return
  heap.places.delete(id)
  const moved = heap.entries.pop()
  if (moved === undefined || moved.id === id) return
  heap.entries[place] = moved
  heap.places.set(moved.id, place)
  sink(heap, place, order)
  rise(heap, place, order)
}

/** The entries that come before a limit, as a heap keeps them; costs what it finds, not what it holds. */
export function before<Entry extends { id: string }>(heap: Heap<Entry>, isBefore: (entry: Entry) => boolean): Entry[] {
  const found: Entry[] = []
  const places = [0]
  for (const place of places) {
    const entry = heap.entries[place]
    if (entry === undefined || !isBefore(entry)) continue
    found.push(entry)
    places.push(2 * place + 1, 2 * place + 2)
  }
  return found
}

function rise<Entry extends { id: string }>(heap: Heap<Entry>, start: number, order: Order<Entry>): void {
  let place = start
  while (place > 0) {
    const parent = (place - 1) >> 1
    if (!swapIfBefore(heap, place, parent, order)) return
    place = parent
  }
}

function sink<Entry extends { id: string }>(heap: Heap<Entry>, start: number, order: Order<Entry>): void {
  let place = start
  for (;;) {
    const left = 2 * place + 1
    const right = left + 1
    const first = right < heap.entries.length && order(entryAt(heap, right), entryAt(heap, left)) < 0 ? right : left
    if (first >= heap.entries.length || !swapIfBefore(heap, first, place, order)) return
    place = first
  }
}

/** Swaps two places when the lower one's entry has to leave first; tells whether it did. */
function swapIfBefore<Entry extends { id: string }>(heap: Heap<Entry>, lower: number, upper: number, order: Order<Entry>): boolean {
  const below = entryAt(heap, lower)
  const above = entryAt(heap, upper)
  if (order(below, above) >= 0) return false
  heap.entries[upper] = below
  heap.entries[lower] = above
  heap.places.set(below.id, upper)
  heap.places.set(above.id, lower)
  return true
}

function entryAt<Entry extends { id: string }>(heap: Heap<Entry>, place: number): Entry {
  const entry = heap.entries[place]
  if (entry === undefined) throw new Error(`bug: the heap has no entry at ${place}`)
  return entry
}
