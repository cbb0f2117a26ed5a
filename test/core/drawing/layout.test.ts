import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { criticalPath } from '../../../src/core/drawing/critical-path.ts'
import { layoutGraph } from '../../../src/core/drawing/layout.ts'
import type { DrawnNode } from '../../../src/core/drawing/vertices.ts'
import { anyLayers, anyPlan, DIAMOND, edgesOf, node } from './plans.ts'
import { drawn, readEdges } from './read-drawing.ts'

function isReadBack(nodes: readonly DrawnNode[]): void {
  expect(readEdges(drawn(layoutGraph(nodes)))).toEqual(edgesOf(nodes))
}

describe('the drawing of a graph', () => {
  test('shows tasks side by side between what they wait for and what waits for them', () => {
    expect(drawn(layoutGraph(DIAMOND))).toEqual([
      '● architect ─┬─ ● builder ─┬─ ● qa ── ● release',
      '             ├─ ● docs ────┤                   ',
      '             ╰─ ● schema ──╯                   ',
    ])
  })

  test('shows the critical path in heavy lines', () => {
    const layout = layoutGraph(DIAMOND, ['architect', 'docs', 'qa', 'release'])
    expect(drawn(layout)).toEqual([
      '● architect ━┱─ ● builder ─┲━ ● qa ━━ ● release',
      '             ┡━ ● docs ━━━━┩                   ',
      '             ╰─ ● schema ──╯                   ',
    ])
    expect(readEdges(drawn(layout), 'heavy')).toEqual(['architect → docs', 'docs → qa', 'qa → release'])
  })

  test('shows lines that cross as a gap, and lines that end in others with arrow heads', () => {
    const nodes = [node('a'), node('b'), node('c'), node('x', 'a', 'c'), node('y', 'a', 'b'), node('z', 'b', 'c')]
    expect(drawn(layoutGraph(nodes))).toEqual([
      '● a ─┬─▲───── ● y', //
      '     ╰─│───┬─ ● x',
      '● b ───┴─▲─│─ ● z',
      '● c ─────┴─╯     ',
    ])
    isReadBack(nodes)
  })

  test('leads a line past the tasks that it does not concern', () => {
    const nodes = [node('plan'), node('build', 'plan'), node('test', 'build'), node('ship', 'test', 'plan')]
    expect(drawn(layoutGraph(nodes))).toEqual(['● plan ─┬─ ● build ── ● test ─┬─ ● ship', '        ╰─────────────────────╯        '])
  })

  test('can be read back as exactly the plan, whatever depends on what', () => {
    fc.assert(fc.property(anyPlan, isReadBack), { numRuns: 400 })
  })

  test('can be read back as exactly the plan where whole layers depend on each other', () => {
    fc.assert(fc.property(anyLayers, isReadBack), { numRuns: 200 })
  })

  test('shows the critical path as one heavy line, whatever else is drawn', () => {
    fc.assert(
      fc.property(anyPlan, (nodes) => {
        const path = criticalPath(nodes)
        const steps = path.slice(1).map((id, index) => `${path[index]} → ${id}`)
        expect(readEdges(drawn(layoutGraph(nodes, path)), 'heavy')).toEqual(steps.sort())
      }),
      { numRuns: 200 },
    )
  })

  test('keeps tasks that have nothing to do with each other on rows of their own', () => {
    expect(drawn(layoutGraph([node('a'), node('b'), node('c', 'a')]))).toEqual(['● a ── ● c', '● b       '])
  })

  test('leaves out what is not among the tasks', () => {
    expect(drawn(layoutGraph([node('b', 'a-task-of-an-earlier-run')]))).toEqual(['● b'])
  })

  test('shows nothing of a plan without tasks', () => {
    expect(drawn(layoutGraph([]))).toEqual([])
  })
})
