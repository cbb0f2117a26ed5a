import { describe, expect, it } from 'vitest'
import { drawGraph, graphNodes } from '../../../src/core/views/graph.ts'
import { task } from '../specs.ts'

const nodes = graphNodes([
  task('architect', { title: 'Design "it"' }),
  task('builder', { depends_on: ['architect'] }),
  task('docs', { depends_on: ['architect'] }),
  task('test', { depends_on: ['builder'] }),
  task('qa', { depends_on: ['test', 'docs'] }),
])

describe('the drawing of a plan', () => {
  it('shows layer under layer, with what each task waits for and the critical path marked', () => {
    expect(drawGraph(nodes, 'text').split('\n')).toEqual([
      '  1 * architect',
      '      │',
      '  2 * builder    ← architect',
      '      docs       ← architect',
      '      │',
      '  3 * test       ← builder',
      '      │',
      '  4 * qa         ← test, docs',
    ])
  })

  it('is a flowchart for Mermaid, whatever the titles hold', () => {
    expect(drawGraph(nodes, 'mermaid')).toContain('t0["architect: Design #quot;it#quot;"]')
    expect(drawGraph(nodes, 'mermaid')).toContain('  t0 --> t1')
  })

  it('is a digraph for Graphviz', () => {
    expect(drawGraph(nodes, 'dot')).toMatch(/^digraph plan \{[\s\S]*"docs" -> "qa"[\s\S]*\}$/)
  })

  it('is data for programs', () => {
    expect(JSON.parse(drawGraph(nodes, 'json'))).toMatchObject({ tasks: [{ id: 'architect', layer: 1, critical: true }, {}, { id: 'docs', critical: false }, {}, {}] })
  })
})
