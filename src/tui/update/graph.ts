import type { Movement } from '../commands.ts'
import type { Glance } from '../glance.ts'
import type { GraphUi } from '../ui.ts'
import { look, type Step } from './step.ts'

/** In the graph a movement selects the neighbour in that direction. */
export function moveInGraph(glance: Glance, movement: Movement): Step {
  const id = glance.models.graph.neighbour(glance.ui.selected, movement)
  return look(glance, id === undefined ? {} : { selected: id, graph: { ...glance.ui.graph, at: 'follow' } })
}

type Pan = 'pan-left' | 'pan-right' | 'pan-up' | 'pan-down'

/** Columns and rows of one step. */
const PAN = { 'pan-left': { x: -8, y: 0 }, 'pan-right': { x: 8, y: 0 }, 'pan-up': { x: 0, y: -2 }, 'pan-down': { x: 0, y: 2 } } as const

/** Moves the window over the graph; it follows the running front no more. */
export function pan(glance: Glance, direction: Pan): Step {
  const { x, y } = glance.models.graph.window()
  const by = PAN[direction]
  return look(glance, { graph: { ...glance.ui.graph, at: { x: Math.max(0, x + by.x), y: Math.max(0, y + by.y) } } })
}

const SHAPES = ['auto', 'whole', 'around', 'lanes'] as const satisfies readonly GraphUi['shape'][]

export function nextShape(glance: Glance): Step {
  const { graph } = glance.ui
  return look(glance, { graph: { at: 'follow', shape: SHAPES[(SHAPES.indexOf(graph.shape) + 1) % SHAPES.length] ?? 'auto' } })
}

/** The log follows its end, the graph the running front: no task is chosen any more, so that what needs a person is. */
export function followAgain(glance: Glance): Step {
  const { ui } = glance
  return ui.focus === 'log' ? look(glance, { log: { ...ui.log, at: 'end' } }) : look(glance, { selected: undefined, graph: { ...ui.graph, at: 'follow' } })
}
