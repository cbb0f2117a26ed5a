import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sortedList } from '../../../src/tui/models/sorted-list.ts'

const order = (a: number, b: number) => a - b

it('a sorted list is what sorting gives, whatever is put in and taken out', () => {
  const anyChange = fc.record({ add: fc.boolean(), item: fc.integer({ min: 0, max: 600 }) })
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 600 }), { maxLength: 400 }), fc.array(anyChange, { maxLength: 400, size: 'max' }), (first, changes) => {
      const list = sortedList(first, order)
      const plain = new Set(first)
      for (const { add, item } of changes) {
        if (!add) list.remove(item)
        else if (!plain.has(item)) list.add(item)
        if (add) plain.add(item)
        else plain.delete(item)
      }
      const sorted = [...plain].sort(order)
      expect(list.slice(0, list.length)).toEqual(sorted)
      expect(list.length).toBe(sorted.length)
      for (const at of [0, 63, 64, 65, 200]) expect(list.slice(at, at + 7)).toEqual(sorted.slice(at, at + 7))
      for (const [at, item] of sorted.entries()) expect(list.indexOf(item)).toBe(at)
    }),
    { numRuns: 60 },
  )
})
