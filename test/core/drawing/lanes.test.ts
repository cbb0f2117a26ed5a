import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { laneRows } from '../../../src/core/drawing/lanes.ts'
import type { DrawnNode } from '../../../src/core/drawing/vertices.ts'
import { anyLayers, anyPlan, DIAMOND, edgesOf, node } from './plans.ts'
import { drawn } from './read-drawing.ts'
import { readLanes } from './read-lanes.ts'

function isReadBack(nodes: readonly DrawnNode[]): void {
  expect(readLanes(drawn(laneRows(nodes)))).toEqual(edgesOf(nodes))
}

describe('the lane view of a graph', () => {
  test('shows a task in each row, with a lane for each that is still to come', () => {
    expect(drawn(laneRows(DIAMOND)).map((line) => line.trimEnd())).toEqual([
      '●     architect',
      '├─┬─╮',
      '● │ │ builder',
      '│ ● │ docs',
      '│◀╯ │',
      '│   ● schema',
      '│◀──╯',
      '●     qa',
      '●     release',
    ])
  })

  test('leaves a row free between tasks that have nothing to do with each other', () => {
    expect(drawn(laneRows([node('a'), node('b')]))).toEqual(['● a', '   ', '● b'])
  })

  test('can be read back as exactly the plan, whatever depends on what', () => {
    fc.assert(fc.property(anyPlan, isReadBack), { numRuns: 300 })
  })

  test('can be read back as exactly the plan where whole layers depend on each other', () => {
    fc.assert(fc.property(anyLayers, isReadBack), { numRuns: 100 })
  })
})
