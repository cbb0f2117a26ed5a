import type { Line, Span, Style } from './line.ts'

/** Where a replay stands. */
export type Playback = {
  isPlaying: boolean
  /** Ten: a second shows ten of the run's. */
  speed: number
  /** Of the run's own time: since its beginning, and in all. */
  elapsed_ms: number
  total_ms: number
  /** How much of the playing is done, from 0 to 1. Long waits are shortened, so this is not the share of the time. */
  done: number
  /** Counted from 1. */
  step: number
  steps: number
  /** Whether the run has waits that are shortened, and whether this is one. */
  waits: 'none' | 'shortened' | 'shortened now'
  marks: readonly Mark[]
}

/** Something worth a look: a task that failed, or what a person decided. `at`: from 0 to 1, as `done`. */
export type Mark = { at: number; is: 'failed' | 'decided' }

const MARKS: Record<Mark['is'], { sign: string; style: Style }> = {
  failed: { sign: '✖', style: 'failed' },
  decided: { sign: '◆', style: 'held' },
}

/** As many as the highest speed takes, and a gap: the bar stands still when the speed changes. */
const SPEED_COLUMNS = '100× '.length
/** A shorter bar tells nothing. */
const SHORTEST_BAR = 10
/** What is said behind it does not take the bar's room. */
const HINTED_BAR = 30
/** A longer one is no clearer. */
const LONGEST_BAR = 120

/** `▶ 10×  01:12 ━━━━━●────✖── 12:40  step 120/480`: what there is no room for is left out, from the right. */
export function scrubberLine(playback: Playback, width: number): Line {
  const { isPlaying, speed, elapsed_ms, total_ms, step, steps, waits } = playback
  const lead: Span[] = [{ text: isPlaying ? '▶' : '‖', style: isPlaying ? 'running' : 'held' }, { text: ` ${`${speed}×`.padEnd(SPEED_COLUMNS)}` }]
  const total = clockText(total_ms, total_ms)
  const ends = [`${clockText(elapsed_ms, total_ms)} `, ` ${total}`]
  const counted = `  step ${String(step).padStart(String(steps).length)}/${steps}`
  const hint = { none: '', shortened: '  long waits are shortened', 'shortened now': '  this wait is shortened' }[waits]
  // The place of the hint is kept while it changes, so that the bar stands still.
  const hinted = hint === '' ? '' : hint.padEnd('  long waits are shortened'.length)
  const taken = [lead, ends, counted, hinted].flat().reduce((sum, part) => sum + (typeof part === 'string' ? part : part.text).length, 0)
  const tails = [`${counted}${hinted}`, counted, '']
  for (const tail of tails) {
    const room = width - (taken - counted.length - hinted.length) - tail.length
    if (room < (tail.length > counted.length ? HINTED_BAR : SHORTEST_BAR)) continue
    const [before = '', after = ''] = ends
    return [...lead, { text: before, style: 'strong' }, ...bar(playback, Math.min(room, LONGEST_BAR)), { text: after, style: 'dim' }, { text: tail, style: 'dim' }]
  }
  return [...lead, { text: `${clockText(elapsed_ms, total_ms)}/${total}` }]
}

/** What has been played is heavy; a later mark on the same column hides an earlier one, and the place itself hides both. */
function bar({ done, marks }: Playback, width: number): Span[] {
  const columnOf = (at: number) => Math.min(width - 1, Math.floor(at * width))
  const here = columnOf(done)
  const cells: { sign: string; style: Style }[] = Array.from({ length: width }, (_, column) => (column < here ? { sign: '━', style: 'accent' } : { sign: '─', style: 'dim' }))
  for (const { at, is } of marks) cells[columnOf(at)] = MARKS[is]
  cells[here] = { sign: '●', style: 'strong' }
  const spans: { text: string; style: Style }[] = []
  for (const { sign, style } of cells) {
    const last = spans.at(-1)
    if (last?.style === style) last.text += sign
    else spans.push({ text: sign, style })
  }
  return spans
}

/** `01:12`; `1:02:12` where the run took an hour or more. */
function clockText(ms: number, total_ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const pad = (number: number) => String(number).padStart(2, '0')
  const rest = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`
  return total_ms < 3_600_000 ? rest : `${Math.floor(seconds / 3600)}:${rest}`
}
