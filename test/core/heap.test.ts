import fc from 'fast-check'
import { expect, it } from 'vitest'
import { before, emptyHeap, insert, remove, top } from '../../src/core/heap.ts'

type Entry = { id: string; weight: number }
const lighter = (a: Entry, b: Entry) => a.weight - b.weight
const anyEntries = fc.uniqueArray(fc.record({ id: fc.string(), weight: fc.integer() }), { selector: ({ id }) => id })

it('gives its entries in order, whatever was added and taken out before', () => {
  fc.assert(
    fc.property(anyEntries, fc.array(fc.nat()), (entries, removals) => {
      const heap = emptyHeap<Entry>()
      for (const entry of entries) insert(heap, entry, lighter)
      const gone = new Set(removals.flatMap((n) => entries[n % Math.max(1, entries.length)]?.id ?? []))
      for (const id of gone) remove(heap, id, lighter)

      const left: number[] = []
      for (let entry = top(heap); entry !== undefined; entry = top(heap)) {
        left.push(entry.weight)
        remove(heap, entry.id, lighter)
      }
      const expected = entries.filter(({ id }) => !gone.has(id)).map(({ weight }) => weight)
      expect(left).toEqual(expected.sort((a, b) => a - b))
    }),
  )
})

it('finds all entries before a limit', () => {
  fc.assert(
    fc.property(anyEntries, fc.integer(), (entries, limit) => {
      const heap = emptyHeap<Entry>()
      for (const entry of entries) insert(heap, entry, lighter)
      const found = before(heap, ({ weight }) => weight < limit).map(({ id }) => id)
      expect(found.sort()).toEqual(entries.filter(({ weight }) => weight < limit).map(({ id }) => id).sort())
    }),
  )
})
