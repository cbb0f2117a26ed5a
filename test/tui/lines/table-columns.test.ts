import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Line } from '../../../src/core/views/line.ts'
import { listLines } from '../../../src/tui/lines/list.ts'
import { textOf, widthOf } from '../../../src/tui/lines/fit.ts'
import { shownColumns } from '../../../src/tui/lines/table-columns.ts'
import { scrolled, scrollSteps, windowAround } from '../../../src/tui/lines/window.ts'

const cells = (...texts: string[]): Line[] => texts.map((text): Line => [{ text }])
const names = (columns: Parameters<typeof shownColumns>[0], rows: Line[][], room: number) => shownColumns(columns, rows, room).map(({ name, width }) => `${name} ${width}`)

describe('the columns of a table', () => {
  const columns = [{ name: 'id', least: 4 }, { name: 'time', spare: 1 }, { name: 'route', spare: 2 }, { name: 'note' }]
  const rows = [cells('a-long-name', '12 s', 'claude', '')]

  it('are as wide as what they hold, and left out where they hold nothing', () => {
    expect(names(columns, rows, 80)).toEqual(['id 11', 'time 4', 'route 6'])
  })

  it('go where there is no room, the one that is missed least first; then the long ones are cut', () => {
    expect(names(columns, rows, 20)).toEqual(['id 6', 'time 4', 'route 6'])
    expect(names(columns, rows, 16)).toEqual(['id 10', 'time 4'])
    expect(names(columns, rows, 9)).toEqual(['id 9'])
    expect(names(columns, rows, 4)).toEqual(['id 4'])
  })

  it('never take more than the room, as long as what must stay fits', () => {
    const table = fc.array(fc.array(fc.string({ maxLength: 30 }), { minLength: 4, maxLength: 4 }), { maxLength: 6 })
    fc.assert(
      fc.property(table, fc.integer({ min: 34, max: 120 }), (texts, room) => {
        const shown = shownColumns(columns, texts.map((row) => cells(...row)), room)
        expect(shown.reduce((sum, { width }) => sum + width + 2, -2)).toBeLessThanOrEqual(Math.max(room, 4 + 2 + 30))
      }),
    )
  })
})

describe('a long list', () => {
  it('makes only the rows that are seen, with the chosen one among them', () => {
    const made: number[] = []
    const row = (index: number) => {
      made.push(index)
      return cells(`row ${index}`)
    }
    const lines = listLines([{ name: 'name' }], 1_000_000, row, 777_777, { width: 30, height: 11 })
    expect(made).toHaveLength(10)
    expect(lines).toHaveLength(11)
    expect(lines.filter((line) => textOf(line).startsWith('▌')).map((line) => textOf(line).trim())).toEqual(['▌ row 777777'])
    for (const line of lines.slice(1)) expect(widthOf(line)).toBe(30)
  })
})

describe('a window', () => {
  it('shows the chosen row, fills its room, and stays within the list', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(), fc.integer({ min: 1, max: 60 }), (total, choice, room) => {
        const at = choice % total
        const { from, count } = windowAround(at, total, room)
        expect(count).toBe(Math.min(total, room))
        expect([from >= 0, from + count <= total, from <= at && at < from + count]).toEqual([true, true, true])
      }),
    )
  })

  it('scrolls a text as far as its last row, however far it was asked to', () => {
    const rows = ['a', 'b', 'c', 'd']
    expect(scrollSteps(rows.length, 3)).toBe(2)
    expect(scrolled(rows, 1, 3)).toEqual(['b', 'c', 'd'])
    expect(scrolled(rows, Number.MAX_SAFE_INTEGER, 3)).toEqual(['b', 'c', 'd'])
    expect(scrolled(rows, 5, 9)).toEqual(rows)
  })
})
