import { sanitize } from '../core/sanitize.ts'
import { formatProblem, type Problem } from '../core/problem.ts'
import type { TaskStatus } from '../core/task-state.ts'
import { GLYPHS } from '../core/views/glyphs.ts'

/** Where a command speaks. Everything that comes from a file, a model or a command goes through here, so that it cannot steer the terminal. */
export const out = (text: string) => write(process.stdout, text)
/** For what is not the result: progress, warnings, errors. */
export const err = (text: string) => write(process.stderr, text)

function write(stream: NodeJS.WriteStream, text: string): void {
  const line = progress
  showProgress('')
  stream.write(`${sanitize(text, { color: stream.isTTY })}\n`)
  showProgress(line)
}

/** Text that may end in the middle of a line. */
export const outPiece = (text: string) => void process.stdout.write(sanitize(text, { color: process.stdout.isTTY }))

/** One line of JSON for programs. What a terminal could take for a command is written as an escape, which means the same. */
export function outJson(value: unknown, indent?: number): void {
  const escape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  process.stdout.write(`${JSON.stringify(value, null, indent).replaceAll(/[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escape)}\n`)
}

let progress = ''

/** The last line on a terminal, below everything that is said; an empty one takes it away. */
export function showProgress(line: string): void {
  if (!process.stderr.isTTY || (line === '' && progress === '')) return
  progress = line
  process.stderr.write(`\r\u001b[K${line}`)
}

/**
 * Cuts a line to what fits on the terminal; a pipe takes all of it.
 * @param before columns that stand before it
 */
export function fit(line: string, before: number): string {
  const width = process.stdout.isTTY ? process.stdout.columns - before : Infinity
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`
}

/** Whoever conducts goes on when nobody reads any more what it says (`tutti run … | head`). */
export function keepGoingUnheard(): void {
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error').on('error', () => {})
}

/** Says what is wrong, a line each. */
export function complain(problems: readonly Problem[], kind: 'error' | 'warning' = 'error'): void {
  for (const problem of problems) err(`${kind}: ${formatProblem(problem)}`)
}

type Color = 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta'
const CODES: Record<Color, number> = { dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35 }

const COLORS: Record<TaskStatus, Color> = {
  waiting: 'dim',
  ready: 'dim',
  held: 'magenta',
  running: 'blue',
  checking: 'blue',
  complete: 'green',
  incomplete: 'yellow',
  failed: 'red',
  blocked: 'yellow',
  skipped: 'dim',
  cancelled: 'yellow',
}

/** How to write for one stream: with colour or without, with Unicode signs or ASCII ones. */
export type Style = { paint: (color: Color, text: string) => string; sign: (status: TaskStatus) => string }

/** What a stream can show. `NO_COLOR` is obeyed; a terminal that does not speak UTF-8 gets ASCII. */
export function styleOf(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Style {
  const isTerminal = stream.isTTY === true
  const hasColor = isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
  const hasUnicode = env['TERM'] !== 'dumb' && /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || 'utf-8')
  const paint = (color: Color, text: string) => (hasColor ? `\u001b[${CODES[color]}m${text}\u001b[0m` : text)
  return { paint, sign: (status) => paint(COLORS[status], GLYPHS[status][hasUnicode ? 'unicode' : 'ascii']) }
}

/** Rows with their columns lined up, the last one ragged. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)))
  return rows.map((row) => row.map((cell, index) => cell.padEnd(index === row.length - 1 ? 0 : (widths[index] ?? 0))).join('  ').trimEnd())
}
