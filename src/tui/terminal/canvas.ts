import { overlay, rowOf, type Row } from './row.ts'
import { rowUpdate } from './row-update.ts'

export type Size = { columns: number; rows: number }

/** Ready-made lines in a rectangle of the screen, each as many columns wide as the rectangle. */
export type Region = { x: number; y: number; width: number; height: number; lines: readonly string[] }

/** A piece of one row, as it was given and taken apart. */
type Part = { x: number; width: number; line: string; row: Row }

/** What the screen should show, a frame and the regions above it, and what it shows. */
export class Canvas {
  #frame: readonly string[] = []
  readonly #regions = new Map<string, Region>()
  #size: Size = { columns: 0, rows: 0 }
  /** What was last written of each row; empty when nobody knows what stands on the screen. */
  #shown: { parts: readonly Part[]; row: Row }[] = []

  setFrame(frame: string): void {
    this.#frame = frame.split('\n')
  }

  setRegion(id: string, region: Region): void {
    this.#regions.set(id, region)
  }

  removeRegion(id: string): void {
    this.#regions.delete(id)
  }

  /** The screen may show anything now: the next update writes all of it. */
  forget(): void {
    this.#shown = []
  }

  /** What has to be written so that a screen of this size shows what it should; '' when it does already. */
  update(size: Size): string {
    if (size.columns !== this.#size.columns || size.rows !== this.#size.rows) this.forget()
    this.#size = size
    const regions = [...this.#regions.values()]
    let output = ''
    for (let y = 0; y < size.rows; y += 1) {
      const before = this.#shown[y]
      const parts = this.#partsOf(y, regions, before?.parts)
      if (parts === before?.parts) continue
      const row = composed(parts)
      output += rowUpdate(y, before?.row, row)
      this.#shown[y] = { parts, row }
    }
    return output
  }

  /** The pieces of a row from the lowest to the topmost; the very same ones when nothing about them has changed. */
  #partsOf(y: number, regions: readonly Region[], before: readonly Part[] = []): readonly Part[] {
    const { columns } = this.#size
    const parts = [part(0, columns, this.#frame[y] ?? '', before[0])]
    for (const { x, y: top, width, height, lines } of regions) {
      if (y < top || y >= top + height || x >= columns) continue
      parts.push(part(x, Math.min(width, columns - x), lines[y - top] ?? '', before[parts.length]))
    }
    return parts.length === before.length && parts.every((each, index) => each === before[index]) ? before : parts
  }
}

function part(x: number, width: number, line: string, before: Part | undefined): Part {
  if (before === undefined || before.width !== width || before.line !== line) return { x, width, line, row: rowOf(line, width) }
  return before.x === x ? before : { ...before, x }
}

function composed([lowest, ...above]: readonly Part[]): Row {
  if (lowest === undefined) throw new Error('bug: a row without a frame')
  if (above.length === 0) return lowest.row
  const row = { texts: [...lowest.row.texts], pens: [...lowest.row.pens] }
  for (const { x, row: over } of above) overlay(row, over, x)
  return row
}
