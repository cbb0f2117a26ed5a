import type { Layout, Place } from '../../core/drawing/layout.ts'
import type { Movement } from '../commands.ts'
import { clamp, type Size } from '../layout.ts'

type Corner = { x: number; y: number }

/** Columns and rows that are shown around the task that the window follows. */
const AROUND = { columns: 10, rows: 2 }

/** Where the window stands when a person has moved it: never beyond the edges. */
export function within({ sheet }: Layout, { x, y }: Corner, { width, height }: Size): Corner {
  return { x: clamp(x, 0, Math.max(0, sheet.width - width)), y: clamp(y, 0, Math.max(0, sheet.height - height)) }
}

/** Where the window stands when it follows a task: as near to where it stood as shows the task and what is around it. */
export function following(layout: Layout, id: string | undefined, room: Size, stood: Corner | undefined): Corner {
  const place = id === undefined ? undefined : layout.places.get(id)
  if (place === undefined) return within(layout, stood ?? { x: 0, y: 0 }, room)
  const end = place.x + place.width
  const columns = Math.max(0, Math.min(AROUND.columns, Math.floor((room.width - (end - place.sign)) / 2)))
  const rows = Math.max(0, Math.min(AROUND.rows, Math.floor((room.height - 1) / 2)))
  const from = stood ?? { x: Math.round((place.sign + end - room.width) / 2), y: Math.round(place.row - room.height / 2) }
  const x = clamp(from.x, end + columns - room.width, place.sign - columns)
  const y = clamp(from.y, place.row + rows + 1 - room.height, place.row - rows)
  return within(layout, { x, y }, room)
}

/** The task that a movement up or down leads to: the nearest in the same column, or the nearest row where there is none. */
export function aboveOrBelow(layout: Layout, id: string, movement: Movement, page: number, isTask: (id: string) => boolean): string | undefined {
  const own = layout.places.get(id)
  const places = [...layout.places.values()].filter((place) => isTask(place.id))
  if (movement === 'top') return places.reduce((a, b) => (readsBefore(b, a) ? b : a), places[0])?.id
  if (movement === 'bottom') return places.reduce((a, b) => (readsBefore(a, b) ? b : a), places[0])?.id
  if (own === undefined) return undefined
  const up = movement === 'up' || movement === 'page-up'
  const column = places.filter((place) => isBeside(place, own) && (up ? place.row < own.row : place.row > own.row)).sort((a, b) => Math.abs(a.row - own.row) - Math.abs(b.row - own.row))
  return column[Math.min(movement === 'up' || movement === 'down' ? 0 : page - 1, column.length - 1)]?.id
}

const readsBefore = (a: Place | undefined, b: Place | undefined) => a !== undefined && b !== undefined && (a.row < b.row || (a.row === b.row && a.x < b.x))

/** Whether two places share columns. */
function isBeside(a: Place, b: Place): boolean {
  return a.sign < b.x + b.width && b.sign < a.x + a.width
}

/** Of some tasks the one that is drawn nearest; the first where none of them is drawn. */
export function nearestOf(layout: Layout, id: string, others: readonly string[]): string | undefined {
  const row = layout.places.get(id)?.row ?? 0
  const drawn = others.filter((other) => layout.places.has(other))
  const distance = (other: string) => Math.abs((layout.places.get(other)?.row ?? 0) - row)
  return drawn.length === 0 ? others[0] : drawn.reduce((a, b) => (distance(b) < distance(a) ? b : a))
}
