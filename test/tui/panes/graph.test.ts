import { describe, expect, test } from 'vitest'
import type { Size } from '../../../src/tui/layout.ts'
import { textOf, widthOf } from '../../../src/tui/lines/fit.ts'
import { followAgain, moveInGraph, nextShape, pan } from '../../../src/tui/update/graph.ts'
import { failure } from '../../core/conductor.ts'
import { DIAMOND, node } from '../../core/drawing/plans.ts'
import { graphScene } from './graph-scene.ts'

/** The room of the pane in a screen of so many columns. */
const ROOM = { 40: { width: 40, height: 10 }, 80: { width: 78, height: 6 }, 120: { width: 64, height: 10 }, 200: { width: 108, height: 24 } } as const

const chain = (count: number) => Array.from({ length: count }, (_, i) => node(`step-${i}`, ...(i === 0 ? [] : [`step-${i - 1}`])))
const fan = (count: number) => [node('split'), ...Array.from({ length: count }, (_, i) => node(`part-${i}`, 'split')), node('join', ...Array.from({ length: count }, (_, i) => `part-${i}`))]

function diamond() {
  const scene = graphScene(DIAMOND, { schema: { requires_approval: true } })
  scene.finish('architect')
  scene.run.pass(72_000)
  return scene
}

describe('the graph pane', () => {
  test('shows a small plan whole at 200 columns: status, time and cost on each node, and the critical path', () => {
    const scene = diamond()
    expect(scene.lines(ROOM[200])).toEqual([
      ' ✔ architect 21s $0.17 ━━━━━━┯━ ● builder 1m12 ━━━━━━━━━━━┯━ ○ qa ━━━━━━━━━━━━━━━━━ ○ release',
      '                             ├─ ● docs 1m12 ──────────────┤',
      '                             ╰─ ⏸ schema a? ──────────────╯',
    ])
    expect(textOf(scene.pane(ROOM[200]).title)).toBe('graph · ━ critical path: 3 of 4 tasks to go')
    expect(scene.pane(ROOM[200]).note).toEqual([])
  })

  test('leaves out what there is no room for: first the cost, then times that have stopped, then tasks', () => {
    const scene = diamond()
    expect(scene.lines(ROOM[80])[0]).toBe(' ✔ architect 21s ━━━┯━ ● builder 1m12 ━━┯━ ○ qa ━━━━━━━━ ○ release')
    expect(scene.lines(ROOM[120])[0]).toBe(' ✔ architect ━┯━ ● builder 1m12 ━━┯━ ○ qa ━━ ○ release')
    expect(scene.lines({ width: 52, height: 10 })[0]).toBe(' ✔ architect ━┯━ ● builder 1m12 ━━┯━ ○ 2 waiting')
  })

  test('shows lanes on a narrow screen', () => {
    expect(diamond().lines(ROOM[40])).toEqual([
      ' ✔     architect 21s',
      ' ├─┬─╮',
      ' ●   │ builder 1m12',
      ' │ ●   docs 1m12',
      ' │◀╯ │',
      ' │   ⏸ schema a?',
      ' │◀──╯',
      ' ○     qa',
      ' ○     release',
    ])
  })

  test('folds what is done and what waits around the tasks that run', () => {
    const scene = graphScene(fan(300))
    scene.finish('split', ...Array.from({ length: 12 }, (_, i) => `part-${i}`))
    scene.run.pass(9_000)
    const pane = scene.pane(ROOM[80], { selected: 'part-13' })
    expect(pane.lines.map((line) => textOf(line).trimEnd())).toEqual([
      ' ✔ 13 done ─┬─ ● part-12 9s ────┬─ ○ 285 waiting',
      '            ├─ ● part-13 9s ────┤',
      '            ├─ ● part-14 9s ────┤',
      '            ╰─ ◌ part-15 ───────╯',
    ])
    expect(textOf(pane.note ?? [])).toBe('4 of 302 shown')
  })

  test('shows around a task that was selected far from the front, and one without any neighbours beside the front', () => {
    const scene = graphScene([...chain(120), node('lonely')])
    scene.finish('step-0', 'lonely')
    expect(scene.lines(ROOM[120], { selected: 'step-1' })[0]).toBe(' ✔ step-0 ━━ ● step-1 0s ━━━━━ ○ step-2 ━━ ○ 117 waiting')
    expect(scene.lines(ROOM[200], { selected: 'step-80' })[0]).toMatch(/step-79 .* step-80 .* step-81/)
    expect(scene.lines(ROOM[120], { selected: 'lonely' }).join('\n')).toMatch(/● step-1 .*\n.*✔ lonely/s)
  })

  test('does not move when a second passes', () => {
    const scene = diamond()
    const before = scene.lines(ROOM[120])
    scene.run.pass(1_000)
    expect(scene.lines(ROOM[120])).toEqual(before.map((line) => line.replaceAll('1m12', '1m13')))
  })

  test('says that a part of what is done did not come to a good end', () => {
    const scene = graphScene(chain(9), { 'step-1': { on_failure: 'continue' } })
    scene.finish('step-0')
    scene.run.end('step-1', failure('timeout'))
    scene.finish('step-2')
    expect(scene.lines({ width: 50, height: 3 }, { selected: 'step-3' })[0]).toBe(' ⚠ 2 done, 1 not ━━ ● step-3 0s ━━━━━ ○ 5 waiting')
  })

  test('reverses the selected task and shows marks', () => {
    const scene = diamond()
    const { lines } = scene.pane(ROOM[80], { selected: 'docs', marks: new Set(['builder']) })
    expect(lines.flat().filter(({ selected }) => selected).map(({ text }) => text).join('')).toContain('docs')
    expect(lines.map(textOf).join('\n')).toContain('●◆builder')
  })

  test('fits its room, whatever it shows', () => {
    const scenes = [diamond(), graphScene(fan(30)), graphScene(chain(40)), graphScene([])]
    for (const scene of scenes) {
      for (const shape of ['auto', 'whole', 'around', 'lanes'] as const) {
        for (const room of Object.values(ROOM)) {
          const { lines } = scene.pane(room, { graph: { at: 'follow', shape } })
          expect(lines.length).toBeLessThanOrEqual(room.height)
          for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(room.width)
        }
      }
    }
  })
})

describe('moving in the graph', () => {
  const room: Size = { width: 30, height: 4 }

  test('leads to a dependency on the left, a dependent on the right, and the nearest task above and below', () => {
    const scene = diamond()
    const from = (selected: string, movement: Parameters<typeof moveInGraph>[1]) => {
      scene.pane(ROOM[200], { selected })
      return moveInGraph(scene.glance({ selected }), movement).ui.selected
    }
    expect(from('docs', 'left')).toBe('architect')
    expect(from('docs', 'right')).toBe('qa')
    expect(from('docs', 'up')).toBe('builder')
    expect(from('docs', 'down')).toBe('schema')
    expect(from('schema', 'down')).toBe('schema')
    expect(from('qa', 'left')).toBe('builder')
    expect(from('qa', 'top')).toBe('architect')
  })

  test('takes the window along', () => {
    const scene = graphScene(chain(40))
    const graph = { at: 'follow', shape: 'whole' } as const
    for (const selected of ['step-0', 'step-20', 'step-39']) expect(scene.lines(room, { selected, graph }).join('')).toContain(selected)
  })

  test('pans the window away from the task, as far as the graph goes, and follows again when told', () => {
    const scene = graphScene(chain(40))
    const whole = { at: 'follow', shape: 'whole' } as const
    scene.pane(room, { selected: 'step-0', graph: whole })
    const step = pan(scene.glance({ selected: 'step-0', graph: whole }), 'pan-right')
    expect(step.ui.graph.at).toEqual({ x: 8, y: 0 })
    expect(scene.lines(room, step.ui)[0]).not.toContain('step-0 ')
    expect(textOf(scene.pane(room, step.ui).note ?? [])).toBe('whole · ←→')
    expect(followAgain(scene.glance(step.ui)).ui.graph.at).toBe('follow')
  })

  test('goes through the shapes', () => {
    const scene = diamond()
    expect(nextShape(scene.glance()).ui.graph.shape).toBe('whole')
    expect(nextShape(scene.glance({ graph: { at: 'follow', shape: 'lanes' } })).ui.graph.shape).toBe('auto')
  })

  test('shows only the tasks around the selected one when asked to', () => {
    const scene = graphScene(chain(40))
    const pane = scene.pane(ROOM[200], { selected: 'step-20', graph: { at: 'follow', shape: 'around' } })
    const text = textOf(pane.lines[0] ?? [])
    for (const id of ['step-19', 'step-20', 'step-21']) expect(text).toContain(id)
    expect(text).not.toContain('step-30')
    expect(textOf(pane.note ?? [])).toMatch(/^around the task · \d of 40 shown$/)
  })
})
