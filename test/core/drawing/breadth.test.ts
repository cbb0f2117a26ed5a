import { expect, test } from 'vitest'
import { breadthOf } from '../../../src/core/drawing/breadth.ts'
import { DIAMOND, node } from './plans.ts'

test('a graph is as broad as the most tasks that stand above each other', () => {
  expect(breadthOf(DIAMOND)).toBe(3)
  expect(breadthOf([node('a'), node('b'), node('c')])).toBe(3)
  expect(breadthOf([node('a'), node('b', 'a'), node('c', 'b')])).toBe(1)
  expect(breadthOf([])).toBe(0)
})
