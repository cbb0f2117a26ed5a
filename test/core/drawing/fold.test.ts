import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldGraph, neighbourhood, type Folded } from '../../../src/core/drawing/fold.ts'
import { layoutGraph } from '../../../src/core/drawing/layout.ts'
import type { DrawnNode } from '../../../src/core/drawing/vertices.ts'
import { conductor, failure } from '../conductor.ts'
import { plan, task } from '../specs.ts'
import { anyPlan, node } from './plans.ts'

const CHAIN = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id, index, ids) => node(id, ...ids.slice(Math.max(0, index - 1), index)))

/** A run in which these tasks have ended; the others wait. */
function runOf(nodes: readonly DrawnNode[], ended: number, fails: readonly string[] = []) {
  const run = conductor({ max_concurrent: 1 })
  run.add(plan(...nodes.map(({ id, depends_on }) => task(id, { depends_on: [...depends_on], on_failure: 'continue' }))))
  for (let i = 0; i < ended; i++) {
    const [id] = run.starts()
    if (id !== undefined) run.end(id, fails.includes(id) ? failure('timeout') : undefined)
  }
  const [running] = run.starts()
  return { state: run.state, running: running ?? '' }
}

const inWords = ({ nodes, groups }: Folded) => nodes.map(({ id, depends_on }) => [name(id, groups), ...depends_on.map((other) => name(other, groups))].join(' ← '))

function name(id: string, groups: Folded['groups']): string {
  const group = groups.get(id)
  return group === undefined ? id : `${group.count} ${group.is}`
}

describe('a graph that is too large to show', () => {
  test('shows what runs and what is next to it, and folds what is done and what waits', () => {
    const { state } = runOf(CHAIN, 3)
    expect(inWords(foldGraph(state, ['d'], 1))).toEqual(['3 done', 'd ← 3 done', '3 waiting ← d'])
    expect(inWords(foldGraph(state, ['d'], 3))).toEqual(['2 done', 'c ← 2 done', 'd ← c', 'e ← d', '2 waiting ← e'])
  })

  test('shows a single task itself instead of folding it', () => {
    const { state } = runOf(CHAIN, 1)
    expect(inWords(foldGraph(state, ['b'], 1))).toEqual(['a', 'b ← a', '5 waiting ← b'])
  })

  test('folds tasks that run beside the ones that are shown together with what waits for them', () => {
    const parts = ['p1', 'p2', 'p3', 'p4', 'p5']
    const { state } = runOf([node('split'), ...parts.map((id) => node(id, 'split')), node('join', ...parts)], 3)
    expect(inWords(foldGraph(state, ['p3'], 1))).toEqual(['3 done', 'p3 ← 3 done', '3 waiting ← p3'])
  })

  test('says how many of what has ended came to a good end', () => {
    const { state } = runOf(CHAIN, 3, ['b'])
    expect([...foldGraph(state, ['d'], 1).groups.values()]).toMatchObject([{ is: 'done', count: 3, odd: 1 }, { is: 'waiting', count: 3 }])
  })

  test('shows the steps before and behind a task, and that there are more', () => {
    const { state } = runOf(CHAIN, 0)
    expect(inWords(neighbourhood(state, 'd', 1, 10))).toEqual(['1 waiting', 'c ← 1 waiting', 'd ← c', 'e ← d', '1 waiting ← e'])
  })

  test('can always be drawn, and counts every task once', () => {
    fc.assert(
      fc.property(anyPlan, fc.nat(12), fc.integer({ min: 1, max: 12 }), (nodes, ended, most) => {
        const { state, running } = runOf(nodes, ended)
        const { nodes: shown, groups } = foldGraph(state, [running], most)
        layoutGraph(shown.map((one) => ({ ...one, width: 4 })))
        const folded = [...groups.values()].reduce((sum, { count }) => sum + count, 0)
        expect(folded + shown.length - groups.size).toBe(nodes.length)
      }),
      { numRuns: 100 },
    )
  })
})
