/** The part of a list that is shown. */
type Window = { from: number; count: number }

/** So many of `total` rows as there is room for, with the chosen one in the middle as far as that goes. */
export function windowAround(at: number, total: number, room: number): Window {
  const count = Math.max(0, Math.min(total, room))
  const from = Math.max(0, Math.min(at - Math.floor((count - 1) / 2), total - count))
  return { from, count }
}

/** How far a text can be scrolled: the rows that may stand first, so that its last one is the last that is shown. */
export function scrollSteps(total: number, room: number): number {
  return Math.max(1, total - room + 1)
}

/** What of a text is shown, scrolled down by `at` rows. */
export function scrolled<Of>(rows: readonly Of[], at: number, room: number): readonly Of[] {
  const from = Math.min(at, scrollSteps(rows.length, room) - 1)
  return rows.slice(from, from + Math.max(0, room))
}
