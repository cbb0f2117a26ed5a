import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layoutOf, type Rect } from '../../src/tui/layout.ts'
import { FIRST_UI, PANES, type Ui } from '../../src/tui/ui.ts'

const ui = (change: Partial<Ui> = {}): Ui => ({ ...FIRST_UI, ...change })
const shown = (layout: ReturnType<typeof layoutOf>) => layout.panes.map(({ pane }) => pane)

describe('where everything stands', () => {
  it('gives the graph all columns of a wide screen, and puts the log beside the queue below it', () => {
    const { panes, body } = layoutOf(ui(), { width: 120, height: 40 })
    const [graph, queue, log] = panes.map(({ rect }) => rect)
    expect(panes.map(({ pane }) => pane)).toEqual(['graph', 'queue', 'log'])
    expect(graph?.width).toBe(120)
    expect(queue).toMatchObject({ x: 0, y: (graph?.y ?? 0) + (graph?.height ?? 0) })
    expect(log).toMatchObject({ x: queue?.width, y: queue?.y, height: queue?.height })
    expect((graph?.height ?? 0) + (queue?.height ?? 0)).toBe(body.height)
  })

  it('leaves the rows that a small graph does not need to the others, at any size', () => {
    for (const size of [{ width: 80, height: 24 }, { width: 120, height: 34 }, { width: 200, height: 60 }]) {
      const rows = (graph?: number) => layoutOf(ui(), size, graph).panes.map(({ rect }) => rect.height)
      const [small = 0, ...others] = rows(2)
      const [large = 0, ...least] = rows()
      expect(small).toBeLessThan(large)
      others.forEach((own, index) => expect(own).toBeGreaterThan(least[index] ?? 0))
    }
  })

  it('shows one pane as long as there is nothing to show', () => {
    for (const size of [{ width: 80, height: 24 }, { width: 200, height: 60 }]) {
      const { panes, body } = layoutOf(ui(), size, 0)
      expect(panes).toMatchObject([{ rect: body }])
    }
  })

  it('puts all three above each other on 80×24, with no columns spent on frames', () => {
    const { panes } = layoutOf(ui(), { width: 80, height: 24 })
    expect(panes.map(({ pane }) => pane)).toEqual(['graph', 'queue', 'log'])
    for (const { rect, border } of panes) expect({ width: rect.width, border }).toEqual({ width: 80, border: 'rule' })
  })

  it('shows the pane that has the keys where there is room for one only', () => {
    expect(shown(layoutOf(ui({ focus: 'log' }), { width: 40, height: 12 }))).toEqual(['log'])
    expect(shown(layoutOf(ui({ focus: 'graph', zoomed: true }), { width: 200, height: 60 }))).toEqual(['graph'])
  })

  it('gives the room of a hidden pane to the others', () => {
    const { panes, body } = layoutOf(ui({ hidden: new Set(['log']) }), { width: 120, height: 40 })
    expect(panes.map(({ pane }) => pane)).toEqual(['graph', 'queue'])
    for (const { rect } of panes) expect(rect.width).toBe(body.width)
  })

  it('fills the body without a gap or an overlap, at any size and split', () => {
    const size = fc.record({ width: fc.integer({ min: 1, max: 300 }), height: fc.integer({ min: 1, max: 100 }) })
    const chosen = fc.record({ focus: fc.constantFrom(...PANES), hidden: fc.subarray([...PANES], { maxLength: 2 }), zoomed: fc.boolean(), split: fc.integer({ min: 20, max: 80 }) })
    fc.assert(
      fc.property(size, chosen, ({ width, height }, { hidden, ...rest }) => {
        const { header, footer, panes } = layoutOf(ui({ ...rest, hidden: new Set(hidden) }), { width, height })
        const drawn = new Uint8Array(width * height)
        for (const { x, y, ...rect } of [...panes.map((place): Rect => place.rect), header, footer]) {
          for (let row = y; row < y + rect.height; row++) for (let column = x; column < x + rect.width; column++) drawn[row * width + column] = (drawn[row * width + column] ?? 0) + 1
        }
        expect(drawn.every((times) => times === 1)).toBe(true)
      }),
    )
  })
})
