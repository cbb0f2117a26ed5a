import { stripVTControlCharacters } from 'node:util'
import { oneLine, sanitize } from '../core/sanitize.ts'
import { formatProblem, type Problem } from '../core/problem.ts'
import type { TaskStatus } from '../core/task-state.ts'
import { GLYPHS } from '../core/views/glyphs.ts'
import { hasColors, hasUnicode } from '../core/views/terminal-env.ts'
import { wrap } from './wrap.ts'

/** Where a command speaks. Everything that comes from a file, a model or a command goes through here, so that it cannot steer the terminal. */
export const out = (text: string) => write(process.stdout, text)
/** For what is not the result: progress, warnings, errors. */
export const err = (text: string) => write(process.stderr, text)

export type Kind = 'note' | 'warning' | 'error'

let diverted: ((text: string, kind: Kind) => void) | undefined

/**
 * Hands over all that is said from now on, instead of writing it: a page has the terminal. Call the result to end that.
 */
export function divert(to: (text: string, kind: Kind) => void): () => void {
  showProgress('')
  diverted = to
  return () => (diverted = undefined)
}

function write(stream: NodeJS.WriteStream, text: string): void {
  if (diverted !== undefined) return diverted(sanitize(text, { color: false }), 'note')
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
  if (isInWords || diverted !== undefined || !process.stderr.isTTY || (line === '' && progress === '')) return
  progress = line
  process.stderr.write(`\r\u001b[K${line}`)
}

/** Milliseconds between two rings. */
const QUIET_MS = 1000
let rungAt = -Infinity

/** Calls for a person, where one may be before a terminal; at most once a second. */
export function ring(): void {
  if (diverted !== undefined || !process.stderr.isTTY || performance.now() - rungAt < QUIET_MS) return
  rungAt = performance.now()
  process.stderr.write('\u0007')
}

/** Columns of a stream; a pipe takes lines of any length. */
export function widthOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY && !isInWords && diverted === undefined ? stream.columns || 80 : Infinity
}

/**
 * A line, whole for a pipe; on a terminal it goes on below itself.
 * @param lead what stands before the text, with its signs and colours
 * @param indent columns that are left free before the lines that follow
 */
export function hanging(stream: NodeJS.WriteStream, lead: string, text: string, indent: number): string {
  return lead + wrap(oneLine(text, Infinity), widthOf(stream), stripVTControlCharacters(lead).length, indent)
}

/** Says a line that goes on below itself, two columns in, where the terminal is too narrow for it. */
export const outWrapped = (text: string) => out(hanging(process.stdout, '', text, 2))
export const errWrapped = (text: string) => err(hanging(process.stderr, '', text, 2))

/** Whoever conducts goes on when nobody reads any more what it says (`tutti run … | head`). */
export function keepGoingUnheard(): void {
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error').on('error', () => {})
}

/** Says what is wrong, a line each. */
export function complain(problems: readonly Problem[], kind: 'error' | 'warning' = 'error'): void {
  for (const problem of problems) {
    const text = formatProblem(problem)
    if (diverted === undefined) errWrapped(`${kind}: ${text}`)
    else diverted(sanitize(text, { color: false }), kind)
  }
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

let isInWords = false

/** From now on statuses are words, nothing is coloured, and each line is whole: for a screen reader. */
export function speakInWords(): void {
  isInWords = true
}

/** How to write for one stream: with colour or without, with Unicode signs or ASCII ones. */
export type Style = { paint: (color: Color, text: string) => string; sign: (status: TaskStatus) => string }

/** What a stream can show. `NO_COLOR` is obeyed; a terminal that does not speak UTF-8 gets ASCII. */
export function styleOf(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Style {
  if (isInWords) return { paint: (_, text) => text, sign: (status) => `${status}:` }
  const isColored = stream.isTTY === true && hasColors(env)
  const signs = hasUnicode(env) ? 'unicode' : 'ascii'
  const paint = (color: Color, text: string) => (isColored ? `\u001b[${CODES[color]}m${text}\u001b[0m` : text)
  return { paint, sign: (status) => paint(COLORS[status], GLYPHS[status][signs]) }
}

