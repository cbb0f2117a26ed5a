import { createRequire } from 'node:module'
import type { IBufferCell, Terminal as XtermTerminal } from '@xterm/headless'

/** What stands in one column, and how it looks. */
export type Cell = { text: string; columns: number; fg: string; bg: string; bold: boolean; dim: boolean; underline: boolean; inverse: boolean }

/** What a program has set, and has to set back. */
export type Modes = { buffer: 'normal' | 'alternate'; cursor: boolean; wraps: boolean; bracketedPaste: boolean; synchronized: boolean; mouse: boolean; applicationCursor: boolean }

/** A terminal without a window: what is written to it can be read back as a person would see it. */
export type Emulator = {
  write: (output: string | Uint8Array) => void
  /** When all that was written so far stands on the screen. */
  settled: () => Promise<void>
  resize: (columns: number, rows: number) => void
  /** The lines of the screen, without the blanks at their ends. */
  screen: () => string[]
  cell: (x: number, y: number) => Cell
  modes: () => Modes
  /** Rings of its bell, and notices that it was given by OSC 9. */
  alerts: () => { bells: number; notices: readonly string[] }
  /** Lines that have left the screen at its top. */
  scrolledAway: () => number
  dispose: () => void
}

// The package is CommonJS, and names its exports in a way that Node does not see.
const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as { Terminal: typeof XtermTerminal }

export function openEmulator(columns: number, rows: number): Emulator {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true })
  let cursor = true
  for (const final of ['h', 'l']) {
    terminal.parser.registerCsiHandler({ prefix: '?', final }, (params) => {
      if (params.includes(25)) cursor = final === 'h'
      return false
    })
  }
  let bells = 0
  const notices: string[] = []
  terminal.onBell(() => (bells += 1))
  terminal.parser.registerOscHandler(9, (text) => notices.push(text) > 0)
  // The package loses a letter that is split over two writes after a byte of 0x80, such as `…` (e2 80 | a6).
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const line = (y: number) => terminal.buffer.active.getLine(terminal.buffer.active.viewportY + y)
  return {
    write: (output) => terminal.write(typeof output === 'string' ? output : decoder.decode(output, { stream: true })),
    settled: () => new Promise((resolve) => terminal.write('', resolve)),
    resize: (columns, rows) => terminal.resize(columns, rows),
    screen: () => Array.from({ length: terminal.rows }, (_, y) => line(y)?.translateToString(true) ?? ''),
    cell: (x, y) => cellOf(line(y)?.getCell(x)),
    modes: () => ({
      buffer: terminal.buffer.active.type,
      cursor,
      wraps: terminal.modes.wraparoundMode,
      bracketedPaste: terminal.modes.bracketedPasteMode,
      synchronized: terminal.modes.synchronizedOutputMode,
      mouse: terminal.modes.mouseTrackingMode !== 'none',
      applicationCursor: terminal.modes.applicationCursorKeysMode,
    }),
    alerts: () => ({ bells, notices }),
    scrolledAway: () => terminal.buffer.active.baseY,
    dispose: () => terminal.dispose(),
  }
}

function cellOf(cell: IBufferCell | undefined): Cell {
  if (cell === undefined) throw new Error('there is no such cell on the screen')
  return {
    // A cell that was never written to is blank.
    text: cell.getChars() || (cell.getWidth() === 0 ? '' : ' '),
    columns: cell.getWidth(),
    fg: colorOf(cell.getFgColorMode(), cell.getFgColor()),
    bg: colorOf(cell.getBgColorMode(), cell.getBgColor()),
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    underline: cell.isUnderline() !== 0,
    inverse: cell.isInverse() !== 0,
  }
}

/** `default`, a number of the palette, or `#rrggbb`. */
function colorOf(mode: number, color: number): string {
  const RGB = 0x3000000
  if (mode === 0) return 'default'
  return mode === RGB ? `#${color.toString(16).padStart(6, '0')}` : String(color)
}
