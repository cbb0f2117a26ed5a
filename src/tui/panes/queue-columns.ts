import { clamp } from '../layout.ts'

/** A column of the queue, and how wide it is. */
export type QueueColumn = {
  cell: 'mark' | 'sign' | 'id' | 'title' | 'why' | 'tier' | 'route' | 'time' | 'cost'
  name: string
  width: number
  align: 'left' | 'right'
}

/** Columns that come with room for them: how wide they are, and from how many columns of the pane on. */
const OPTIONAL = [
  { cell: 'tier', name: 'tier', width: 9, from: 64, align: 'left' },
  { cell: 'route', name: 'route', width: 22, from: 92, align: 'left' },
  { cell: 'time', name: 'time', width: 6, from: 36, align: 'right' },
  { cell: 'cost', name: 'cost', width: 8, from: 52, align: 'right' },
] as const

/** Titles are shown where this much is left for reasons, and get at most so much. */
const WHY = 44
const TITLE = { least: 20, most: 60 }

/** The columns that fit into a pane; what is left over goes to the reasons. */
export function queueColumns(width: number, { longestId, hasTiers }: { longestId: number; hasTiers: boolean }): QueueColumn[] {
  const id = clamp(longestId, 4, Math.max(4, Math.floor(width * 0.3)))
  const optional = OPTIONAL.filter(({ cell, from }) => width >= from && (cell !== 'tier' || hasTiers))
  const left = width - optional.reduce((sum, column) => sum + column.width + 1, '  ● '.length + id)
  const spare = Math.min(TITLE.most, left - 1 - WHY - 1)
  const title = spare >= TITLE.least ? spare : 0
  const why = left - 1 - (title === 0 ? 0 : title + 1)
  return [
    { cell: 'mark', name: '', width: 1, align: 'left' },
    { cell: 'sign', name: '', width: 1, align: 'left' },
    { cell: 'id', name: 'task', width: id, align: 'left' },
    ...(title > 0 ? [{ cell: 'title', name: 'title', width: title, align: 'left' } as const] : []),
    { cell: 'why', name: 'status', width: Math.max(0, why), align: 'left' },
    ...optional,
  ]
}
