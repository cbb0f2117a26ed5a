import { foldGraph, neighbourhood, type Folded, type Group } from '../../core/drawing/fold.ts'
import { laneRows } from '../../core/drawing/lanes.ts'
import { layoutGraph, type Layout } from '../../core/drawing/layout.ts'
import type { DrawnNode } from '../../core/drawing/vertices.ts'
import type { RunState } from '../../core/state.ts'
import type { Size } from '../layout.ts'

/** What stands on a node beside its name: the time of what is under way; the time of all; the cost too. */
export type Detail = 'live' | 'time' | 'cost'

/** Columns that are kept free for what changes, so that nothing moves when it does. */
export const LONGEST = { name: 20, time: 5, cost: 8 } as const

/** A layout of the graph or a part of it. */
export type Drawing = { layout: Layout; detail: Detail; groups: ReadonlyMap<string, Group> }

/** A way to show the graph: the tasks that are shown one by one, and how. */
export type Candidate = { part: () => Folded; detail: Detail; as: 'layers' | 'lanes' }

const ALL = ['cost', 'time', 'live'] as const satisfies readonly Detail[]
const SPARSE = ['time', 'live'] as const satisfies readonly Detail[]
/** More tasks than this never fit. */
const LIKELY = 100
/** How many tasks are tried, from many to few. */
const AROUND_THE_FRONT = [48, 36, 28, 22, 18, 15, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1]
/** How many steps around a task are tried. */
const STEPS = [3, 2, 1]
/** In a neighbourhood, and in lanes. */
const MOST = 60
/** Columns of a lane, and of what stands beside the lanes. */
const LANE = 2
const LANE_LABEL = 20
/** Below so many columns layers have no room. */
const NARROW = 46

export type Wish = { shape: 'auto' | 'whole' | 'around' | 'lanes'; selected: string | undefined; active: ReadonlySet<string>; room: Size }

/** The ways to show a graph as it is wished, the best first: the first that fits is taken, or the last. */
export function candidatesFor(state: RunState, { shape, selected, active, room }: Wish): Candidate[] {
  switch (shape) {
    case 'whole':
      return inLayers([() => whole(state)], ['time'])
    case 'lanes': {
      const lanes = new Set([...active].slice(0, Math.max(1, Math.floor((room.width - LANE_LABEL) / LANE))))
      return sizesFor(lanes).map((most) => ({ part: () => aroundFront(state, selected, lanes, most), detail: 'time', as: 'lanes' }))
    }
    case 'around':
      return inLayers(STEPS.map((depth) => () => aroundTask(state, selected, depth, MOST)), SPARSE)
    case 'auto': {
      if (room.width < NARROW) return candidatesFor(state, { shape: 'lanes', selected, active, room })
      const all = state.tasks.size <= LIKELY ? inLayers([() => whole(state)], ALL) : []
      return [...all, ...inLayers(sizesFor(active).map((most) => () => aroundFront(state, selected, active, most)), SPARSE)]
    }
  }
}

function inLayers(parts: readonly (() => Folded)[], details: readonly Detail[]): Candidate[] {
  return parts.flatMap((part) => {
    let folded: Folded | undefined
    const once = () => (folded ??= part())
    return details.map((detail): Candidate => ({ part: once, detail, as: 'layers' }))
  })
}

/** What is active is shown in any case. */
function sizesFor(active: ReadonlySet<string>): number[] {
  const least = Math.min(active.size, MOST)
  return [...new Set(AROUND_THE_FRONT.map((most) => Math.max(most, least)))]
}

function whole({ tasks }: RunState): Folded {
  return { nodes: Array.from(tasks.values(), ({ spec: { id, depends_on } }) => ({ id, depends_on })), groups: new Map() }
}

/** Where tasks run now; around the selected one where it is not to be seen there, unless nothing is around it. */
function aroundFront(state: RunState, selected: string | undefined, active: ReadonlySet<string>, most: number): Folded {
  const task = selected === undefined ? undefined : state.tasks.get(selected)
  const lonely = task !== undefined && task.dependents.length === 0 && task.spec.depends_on.length === 0 ? [task.spec.id] : []
  const front = foldGraph(state, [...lonely, ...[...active].slice(0, MOST)], most)
  const isSeen = selected === undefined || front.nodes.some(({ id }) => id === selected)
  return active.size > 0 && isSeen ? front : aroundTask(state, selected, most < 4 ? 1 : 2, most)
}

function aroundTask(state: RunState, selected: string | undefined, depth: number, most: number): Folded {
  const [first] = state.tasks.keys()
  return neighbourhood(state, selected ?? first ?? '', depth, most)
}

/** The nodes of a part with the columns that they need. */
export function sized({ nodes, groups }: Folded, detail: Detail, active: ReadonlySet<string>): DrawnNode[] {
  return nodes.map(({ id, depends_on }) => {
    const group = groups.get(id)
    return { id, depends_on, width: group === undefined ? widthOf(id, detail, active) : groupText(group).length }
  })
}

function widthOf(id: string, detail: Detail, active: ReadonlySet<string>): number {
  const name = Math.min(id.length, LONGEST.name)
  const time = name + 1 + LONGEST.time
  switch (detail) {
    case 'live':
      return active.has(id) ? time : name
    case 'time':
      return time
    case 'cost':
      return time + 1 + LONGEST.cost
  }
}

/** `14 done`; `12 done, 2 not` where some came to another end; `230 waiting`; `230 left` where some of them do not wait. */
export function groupText({ is, count, odd }: Group): string {
  const all = count.toLocaleString('en')
  if (odd === 0) return `${all} ${is}`
  return is === 'done' ? `${(count - odd).toLocaleString('en')} done, ${odd.toLocaleString('en')} not` : `${all} left`
}

/** Lays out a part. @param critical the critical path of the whole graph */
export function draw(nodes: readonly DrawnNode[], groups: Folded['groups'], as: Candidate['as'], critical: readonly string[]): Layout {
  return as === 'lanes' ? laneRows(nodes) : layoutGraph(nodes, seenOf(critical, nodes, groups))
}

/** The critical path over what is shown; where a stretch of it is folded, over the group. */
function seenOf(critical: readonly string[], nodes: readonly DrawnNode[], groups: Folded['groups']): string[] {
  const shown = new Set(nodes.map(({ id }) => id))
  const path = critical.filter((id) => shown.has(id))
  const folds = [...groups.values()]
  const before = path[0] === critical[0] ? undefined : folds.find(({ stands }) => stands === 'before')
  const behind = path.at(-1) === critical.at(-1) ? undefined : folds.findLast(({ stands }) => stands === 'behind')
  return [before?.id, ...path, behind?.id].filter((id) => id !== undefined)
}
