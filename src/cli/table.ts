import { oneLine } from '../core/sanitize.ts'

/** Columns between two columns. */
const GAP = '  '
/** A name is not cut to less than this. */
const SHORTEST_NAME = 12

/**
 * A table of names and numbers, as lines: columns that hold nothing are left out, numbers stand to the right. Where
 * the terminal is too narrow, of the longest names the end is kept.
 * @param names how many columns at the left are names; the last of them gives way
 * @param width columns of the terminal
 */
export function tableLines(head: readonly string[], rows: readonly (readonly string[])[], names: number, width: number): string[] {
  const used = head.map((_, index) => index).filter((index) => rows.some((row) => row[index] !== ''))
  const all = [head, ...rows]
  const widths = head.map((_, index) => Math.max(...all.map((row) => row[index]?.length ?? 0)))
  const given = names - 1
  const others = used.filter((index) => index !== given).reduce((sum, index) => sum + (widths[index] ?? 0) + GAP.length, 0)
  const room = Math.max(SHORTEST_NAME, width - others)
  widths[given] = Math.min(widths[given] ?? 0, room)
  return all.map((row) =>
    used
      .map((index) => {
        const cell = row[index] ?? ''
        if (index >= names) return cell.padStart(widths[index] ?? 0)
        return (index === given ? oneLine(cell, room, 'end') : cell).padEnd(widths[index] ?? 0)
      })
      .join(GAP)
      .trimEnd(),
  )
}
