import { oneLine } from '../../core/sanitize.ts'
import type { RunState } from '../../core/state.ts'
import { GLYPHS } from '../../core/views/glyphs.ts'
import type { Line, Style } from '../../core/views/line.ts'
import { runStanding, type RunStanding } from '../../core/views/run-words.ts'
import { scrubberLine } from '../../core/views/scrubber.ts'
import { formatSpan, formatUsd } from '../../core/units.ts'
import type { ShownRun } from '../../app/screen.ts'
import type { Glance } from '../glance.ts'
import type { Size } from '../layout.ts'
import { spread, widthOf } from '../lines/fit.ts'
import { isWhole, pieceLine, type Piece } from '../lines/pieces.ts'
import { moneyLine, warningOf } from './money.ts'
import { countPieces, TELLINGS, type Telling } from './counts.ts'
import { timeOfDay } from '../clock.ts'
import { waitsWith } from './welcome.ts'

/** The header, a line for each of its rows: how the run stands, and what it costs; where it is played, how far it is. */
export function headerLines(glance: Glance, { width, height }: Size): Line[] {
  const playback = glance.run?.player?.playback
  const second: Line = playback === undefined ? moneyLine(glance, width) : [{ text: ' ' }, ...scrubberLine(playback, width - 1)]
  return [statusLine(glance, width, height === 1 || playback !== undefined), second].slice(0, height)
}

const NAME: Line = [{ text: 'tutti', style: 'strong' }]

/** From so many columns on there is room to tell the time. */
const CLOCKED = 60

/** @param alone whether no line tells of the money, and what matters most of it has to stand here */
function statusLine(glance: Glance, width: number, alone: boolean): Line {
  const { run, now } = glance
  const clock: Line = [{ text: `${timeOfDay(now)} `, style: 'dim' }]
  const right = width < CLOCKED ? [] : clock
  const room = width - 1 - (right.length === 0 ? 0 : widthOf(right) + 2)
  const tellings = run === undefined ? [idlePieces(glance)] : TELLINGS.map((telling) => runPieces(glance, run, telling, alone))
  const pieces = tellings.find((each) => isWhole(each, room)) ?? tellings.at(-1) ?? []
  return spread([{ text: ' ' }, ...pieceLine(pieces, room)], right, width)
}

function idlePieces(glance: Glance): Piece[] {
  return [namePiece(glance.project), ...waitingPieces(glance)]
}

/** What is waited for where no run is open. */
function waitingPieces(glance: Glance): Piece[] {
  const text = waitsWith(glance)
  return text === '' ? [] : [{ ways: [[{ text: `○ ${text}`, style: 'ready' }]], keep: 4 }]
}

function namePiece(name: string): Piece {
  const project = oneLine(name, 30)
  return { ways: project === '' ? [NAME] : [[...NAME, { text: ` · ${project}` }], [{ text: project, style: 'strong' }], NAME], keep: 3 }
}

function runPieces(glance: Glance, run: ShownRun, telling: Telling, alone: boolean): Piece[] {
  const { models, now } = glance
  const { state } = run
  const warning = alone ? warningOf(state) : undefined
  return [
    namePiece(state.project),
    { ways: [[{ text: `run ${state.run.slice(-4)}`, style: 'dim' }]], keep: 2 },
    standingPiece(run, runStanding(state, models.queue.places()), now),
    ...countPieces(state, telling),
    ...(warning === undefined ? [] : [{ ways: [warning], keep: 8 }]),
    ...(alone && spentIn(state) > 0 ? [{ ways: [[{ text: formatUsd(spentIn(state)) }]], keep: 5 }] : []),
    ...etaPieces(glance, state),
    ...(run.is === 'live' && state.phase.phase === 'closed' ? waitingPieces(glance) : []),
  ]
}

/** What the run has come to cost so far; micro-dollars. */
const spentIn = ({ budget }: RunState) => budget.spent.run + budget.elsewhere.run

const STANDINGS: Record<RunStanding, { sign: string; style: Style }> = {
  starting: { sign: '○', style: 'dim' },
  running: { sign: '▶', style: 'running' },
  paused: { sign: GLYPHS.held.unicode, style: 'held' },
  'waiting for you': { sign: GLYPHS.held.unicode, style: 'held' },
  'held by budget': { sign: GLYPHS.held.unicode, style: 'held' },
  waiting: { sign: '○', style: 'ready' },
  stopping: { sign: '■', style: 'warn' },
  stopped: { sign: '■', style: 'warn' },
  done: { sign: GLYPHS.complete.unicode, style: 'complete' },
  failed: { sign: GLYPHS.failed.unicode, style: 'failed' },
  cancelled: { sign: GLYPHS.cancelled.unicode, style: 'cancelled' },
}

const SEEN: Record<ShownRun['is'], string> = { live: '', followed: 'watching: ', recorded: 'recorded: ', replayed: 'replay: ' }

/** A run of another process that can be steered from here is not only watched. */
const seenText = ({ is, send }: ShownRun) => (is === 'followed' && send !== undefined ? 'attached: ' : SEEN[is])

function standingPiece(run: ShownRun, standing: RunStanding, now: number): Piece {
  const { is, state } = run
  // A log that ends before its run does has nobody who goes on with it.
  const isLeft = is === 'recorded' && state.ended_at === undefined
  const { sign, style } = STANDINGS[isLeft ? 'stopped' : standing]
  const word = `${sign} ${seenText(run)}${isLeft ? 'left unfinished' : standing}`
  // What comes to its end first is what is waited for.
  const left = state.phase.phase === 'draining' && !isLeft ? `: ${state.counts.running + state.counts.checking + state.asking.size} running` : ''
  const began = Date.parse(state.opened_at)
  const span = isLeft || Number.isNaN(began) ? '' : ` ${formatSpan(Math.max(0, Math.floor(((state.ended_at === undefined ? now : Date.parse(state.ended_at)) - began) / 1000)))}`
  return { ways: [[{ text: word + left, style }, { text: span }], [{ text: word + left, style }], [{ text: word, style }]], keep: 10 }
}

/** `ETA 6m`; `ETA —` while nothing is known; `ETA >6m` where a person has to do something first. */
function etaPieces({ models, now, run }: Glance, { phase, left, counts, paused }: RunState): Piece[] {
  if (phase.phase !== 'open' || left === 0 || run?.is === 'recorded' || run?.is === 'replayed') return []
  const goesOn = paused === undefined && counts.running + counts.checking + counts.ready > 0
  const ms = goesOn ? models.totals.left(now) : undefined
  const text = ms === undefined ? '—' : `${counts.held > 0 ? '>' : ''}${roundedSpan(ms / 1000)}`
  return [{ ways: [[{ text: `ETA ${text}` }]], keep: 4 }]
}

/** An estimate is not told by the second: `40s`, `6m`, `1h20m`. */
function roundedSpan(seconds: number): string {
  if (seconds < 60) return `${Math.max(5, Math.ceil(seconds / 5) * 5)}s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes}m` : formatSpan(Math.round(minutes / 5) * 300)
}
