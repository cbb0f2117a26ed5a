import type { ShownRun } from '../../app/screen.ts'
import { breadthOf } from '../../core/drawing/breadth.ts'
import { criticalPath } from '../../core/drawing/critical-path.ts'
import type { Folded } from '../../core/drawing/fold.ts'
import type { Layout } from '../../core/drawing/layout.ts'
import type { DrawnNode } from '../../core/drawing/vertices.ts'
import type { Event } from '../../core/events.ts'
import type { RunState } from '../../core/state.ts'
import { hasEnded, type TaskStatus } from '../../core/task-state.ts'
import type { Movement } from '../commands.ts'
import type { Size } from '../layout.ts'
import type { GraphUi } from '../ui.ts'
import { candidatesFor, draw, sized, type Drawing } from './graph-shapes.ts'
import { aboveOrBelow, following, nearestOf, within } from './graph-window.ts'

/** What the pane shows of the graph. `window`: its top left corner. */
export type GraphView = Drawing & { window: { x: number; y: number }; critical: { tasks: number; left: number } }

/** The graph as it is laid out: anew only when tasks come or what is folded changes. */
export type GraphModel = {
  touch: (event: Event, state: RunState) => void
  /** Nothing while there are no tasks. */
  view: (ui: GraphUi, selected: string | undefined, room: Size) => GraphView | undefined
  /** The task beside, above or below the selected one. */
  neighbour: (selected: string | undefined, movement: Movement) => string | undefined
  /** Rows that a drawing of all of it needs, about; it changes only when tasks come. */
  rows: () => number
  /** The cell of the graph that stood in the top left corner of the window when it was last drawn. */
  window: () => { x: number; y: number }
}

/** Rows of a page up or down. */
const PAGE = 5

export function graphModel(run: ShownRun | undefined): GraphModel {
  /** Tasks that run, are checked, or wait for somebody. */
  const active = new Set<string>()
  /** How often tasks came or were revised, and how often any of them changed. */
  let plans = 0
  let changes = 0
  let critical: { path: readonly string[]; left: number; of: number } | undefined
  let rows: number | undefined
  let drawn: { for: string; drawing: Drawing } | undefined
  /** By what is drawn and how: what comes again is not laid out again. */
  let layouts = new Map<string, Layout>()
  let window: { x: number; y: number } | undefined
  for (const [id, task] of run?.state.tasks ?? []) if (isActive(task.state.status)) active.add(id)

  function pathOf(state: RunState): readonly string[] {
    const { tasks } = state
    const path = critical?.path ?? criticalPath(nodesOf(state))
    if (critical?.of !== changes) critical = { path, of: changes, left: path.filter((id) => isLeft(tasks, id)).length }
    return path
  }

  function drawingOf(state: RunState, shape: GraphUi['shape'], selected: string | undefined, room: Size): Drawing {
    const known = layouts
    layouts = new Map()
    let last: Drawing | undefined
    let tried: (() => Folded) | undefined
    for (const { part, detail, as } of candidatesFor(state, { shape, selected, active, room })) {
      // Less on each node does not make it lower.
      if (part === tried && last !== undefined && last.layout.sheet.width <= room.width) continue
      tried = part
      const { nodes, groups } = part()
      const drawn = sized({ nodes, groups }, detail, active)
      const key = `${as} ${drawn.map(({ id, width, depends_on }) => `${id}:${width}<${depends_on.join()}`).join(' ')}`
      const layout = known.get(key) ?? draw(drawn, groups, as, pathOf(state))
      layouts.set(key, layout)
      last = { layout, detail, groups }
      if (layout.sheet.width <= room.width && layout.sheet.height <= room.height) break
    }
    if (last === undefined) throw new Error('bug: there is no way to draw the graph')
    return last
  }

  return {
    touch: (event, { tasks }) => {
      if (!('task' in event)) return
      changes++
      if (event.type === 'task.added' || event.type === 'task.revised') {
        plans++
        critical = undefined
        rows = undefined
      }
      const id = typeof event.task === 'string' ? event.task : event.task.id
      const status = tasks.get(id)?.state.status
      if (status !== undefined && isActive(status)) active.add(id)
      else active.delete(id)
    },
    view: ({ at, shape }, selected, room) => {
      if (run === undefined || run.state.tasks.size === 0) return undefined
      // Where nothing is folded, nothing but another plan is drawn anew.
      const wanted = shape === 'whole' ? `whole ${plans}` : `${shape} ${room.width} ${room.height} ${selected} ${changes}`
      const before = drawn?.drawing.layout
      if (drawn?.for !== wanted) drawn = { for: wanted, drawing: drawingOf(run.state, shape, selected, room) }
      const { drawing } = drawn
      window = at === 'follow' ? following(drawing.layout, selected, room, before === drawing.layout ? window : undefined) : within(drawing.layout, at, room)
      return { ...drawing, window, critical: { tasks: pathOf(run.state).length, left: critical?.left ?? 0 } }
    },
    neighbour: (selected, movement) => {
      const layout = drawn?.drawing.layout
      const task = selected === undefined ? undefined : run?.state.tasks.get(selected)
      if (run === undefined || layout === undefined || task === undefined) return undefined
      const { tasks } = run.state
      const { id, depends_on } = task.spec
      if (movement === 'left') return nearestOf(layout, id, depends_on.filter((other) => tasks.has(other)))
      if (movement === 'right') return nearestOf(layout, id, task.dependents)
      return aboveOrBelow(layout, id, movement, PAGE, (other) => tasks.has(other))
    },
    rows: () => (rows ??= run === undefined ? 0 : rowsFor(breadthOf(nodesOf(run.state)))),
    window: () => window ?? { x: 0, y: 0 },
  }
}

function nodesOf({ tasks }: RunState): DrawnNode[] {
  return Array.from(tasks.values(), ({ spec: { id, depends_on } }) => ({ id, depends_on, width: 0 }))
}

/** Between the tasks there are lines that pass them. */
function rowsFor(breadth: number): number {
  return breadth + Math.ceil(breadth / 2)
}

function isActive(status: TaskStatus): boolean {
  return status === 'running' || status === 'checking' || status === 'held'
}

function isLeft(tasks: RunState['tasks'], id: string): boolean {
  const task = tasks.get(id)
  return task !== undefined && !hasEnded(task.state.status)
}
