import { drawWindow } from '../../core/drawing/window.ts'
import { plural } from '../../core/units.ts'
import type { Line } from '../../core/views/line.ts'
import type { Glance } from '../glance.ts'
import type { Size } from '../layout.ts'
import type { GraphView } from '../models/graph.ts'
import { groupLabel, taskLabel } from './node-label.ts'
import type { Pane } from './pane.ts'

/** Lines of the graph do not touch the frame. */
const MARGIN = ' '

/** The graph, or what of it fits. Only what can be seen is drawn. */
export const graphPane: Pane = (glance, { width, height }) => {
  const { ui, models, run } = glance
  const room = { width: width - MARGIN.length, height }
  const view = models.graph.view(ui.graph, ui.selected, room)
  if (run === undefined || view === undefined) return { title: [{ text: 'graph' }], lines: [] }
  const lines = drawWindow(view.layout, { ...view.window, ...room }, (id) => {
    const group = view.groups.get(id)
    const task = run.state.tasks.get(id)
    if (group !== undefined) return groupLabel(group)
    if (task === undefined) throw new Error(`bug: the graph shows "${id}", which is no task`)
    return taskLabel(task, view.detail, glance)
  })
  return { title: titleOf(view, width, run.state.left), note: noteOf(glance, view, room), lines: lines.map((line) => [{ text: MARGIN }, ...line]) }
}

/** From so many columns on there is room for the words. */
const WORDY = 50

function titleOf({ critical: { tasks, left } }: GraphView, width: number, unended: number): Line {
  // What is left then lies beside it.
  if (left === 0 && unended > 0) return [{ text: 'graph' }]
  const of = left === 0 ? 'done' : left === tasks ? plural(tasks, 'task') : `${left} of ${plural(tasks, 'task')} to go`
  return [{ text: 'graph' }, { text: ' · ', style: 'dim' }, { text: '━', style: 'critical' }, { text: `${width < WORDY ? '' : ' critical path:'} ${of}`, style: 'dim' }]
}

/** Which part is shown, and where there is more. */
function noteOf({ ui, run }: Glance, { layout, window, groups }: GraphView, { width, height }: Size): Line {
  const { shape } = ui.graph
  const shown = layout.places.size - groups.size
  const total = run?.state.tasks.size ?? 0
  const parts = [
    shape === 'auto' ? '' : SHAPES[shape],
    shown < total ? `${shown.toLocaleString('en')} of ${total.toLocaleString('en')} shown` : '',
    [window.x > 0 ? '←' : '', window.y > 0 ? '↑' : '', window.y + height < layout.sheet.height ? '↓' : '', window.x + width < layout.sheet.width ? '→' : ''].join(''),
  ]
  const text = parts.filter((part) => part !== '').join(' · ')
  return text === '' ? [] : [{ text, style: 'dim' }]
}

const SHAPES = { whole: 'whole', around: 'around the task', lanes: 'lanes' } as const
