import type { RunState } from '../../core/state.ts'
import type { Line, Span, Style } from '../../core/views/line.ts'
import { limitsOfRun, type LimitRow } from '../../core/views/limits.ts'
import { formatUsd } from '../../core/units.ts'
import type { Glance } from '../glance.ts'
import { fit } from '../lines/fit.ts'
import { isWhole, pieceLine, type Piece } from '../lines/pieces.ts'

/** The second line of the header: what was spent, is set aside and is left of each limit, and what starting cheap has saved. */
export function moneyLine({ run, models }: Glance, width: number): Line {
  const rows = run === undefined ? [] : limitsInOrder(run.state)
  const shown = rows.filter(({ limit, max_micro_usd, spent_micro_usd }) => limit === 'run' || max_micro_usd !== null || (limit === 'day' && spent_micro_usd > 0))
  const hasNone = rows.length > 0 && rows.every(({ max_micro_usd }) => max_micro_usd === null)
  const saved = models.totals.saved()
  const others: Piece[] = [
    ...(hasNone ? [{ ways: [[{ text: 'no limit is set', style: 'dim' } as const]], keep: 0 }] : []),
    ...(saved > 0 ? [{ ways: [[{ text: `saved ${cents(saved)}`, style: 'good' } as const]], keep: 1 }] : []),
  ]
  const told = (telling: number, beside: readonly Piece[]) => [...shown.map((row) => ({ ways: waysOf(row).slice(telling), keep: KEEP[row.state === 'free' ? row.limit : row.state] })), ...beside]
  // All are told alike: as much of each as leaves room for the others. A meter tells more than what was saved.
  const tellings = [told(0, others), told(1, others), told(2, others), told(3, others), told(4, others), told(4, []), told(5, others)]
  const fitting = tellings.find((pieces) => isWhole(pieces, width - 1)) ?? tellings.at(-1) ?? []
  return fit([{ text: ' ' }, ...pieceLine(fitting, width - 1)], width)
}

/** The narrowest of the limits that a person is warned of: for screens without a second line. */
export function warningOf(state: RunState): Line | undefined {
  const row = limitsOfRun(state).findLast((each) => each.state !== 'free')
  return row === undefined ? undefined : [{ text: `${SIGN[row.state]}${row.limit} ${stateText(row)}`, style: STYLE[row.state] }]
}

/** The limits of a run in the order in which every page tells them. */
export function limitsInOrder(state: RunState): LimitRow[] {
  return limitsOfRun(state).toSorted((a, b) => ORDER[a.limit] - ORDER[b.limit])
}

const ORDER: Record<LimitRow['limit'], number> = { day: 0, month: 1, project: 2, run: 3 }

const SIGN: Record<LimitRow['state'], string> = { free: '', warned: '⚠ ', 'used up': '✖ ' }
const STYLE: Record<LimitRow['state'], Style> = { free: 'good', warned: 'warn', 'used up': 'bad' }

/** How far a limit is used up. */
export function stateText({ state, spent_micro_usd, max_micro_usd }: LimitRow): string {
  return state === 'used up' ? 'used up' : `${Math.floor((spent_micro_usd / Math.max(1, max_micro_usd ?? 1)) * 100)}% spent`
}

const KEEP = { day: 5, month: 3, project: 2, run: 4, warned: 8, 'used up': 9 } as const

/** `day $1.23 ▓▓▓▒░░░░░░ $5`: with more words around it the more room there is. */
function waysOf(row: LimitRow): Line[] {
  const { limit, state, spent_micro_usd: spent, reserved_micro_usd: reserved, max_micro_usd: max, free_micro_usd: free } = row
  const style = STYLE[state]
  const name: Span = state === 'free' ? { text: `${limit} ` } : { text: `${SIGN[state]}${limit} `, style }
  const amount: Span = { text: cents(spent), style: 'strong' }
  const asideInWords: Line = reserved === 0 ? [] : [{ text: ` +${cents(reserved)} reserved`, style: 'dim' }]
  // What the run has set aside is a part of what every limit has: it is said once, and the meters show it.
  const aside = limit === 'run' ? asideInWords : []
  if (max === null) {
    const inWords = [name, amount, ...aside]
    return [inWords, inWords, inWords, inWords, [name, amount], [name, amount]]
  }
  const most: Span = { text: ` ${wholeUsd(max)}`, style: 'dim' }
  const told: Line = state === 'free' ? [] : [{ text: `, ${stateText(row)}`, style }]
  const left: Line = state === 'free' ? [{ text: `, ${cents(free ?? 0)} free`, style: 'dim' }] : told
  return [
    [name, amount, ...asideInWords, ...meterLine(row, 14), most, ...left],
    [name, amount, ...aside, ...meterLine(row, 10), most, ...left],
    [name, amount, ...aside, ...meterLine(row, 10), most, ...told],
    [name, amount, ...aside, ...meterLine(row, 6), most, ...told],
    [name, amount, ...meterLine(row, 6), most, ...told],
    [name, amount, { text: ' of', style: 'dim' }, most, ...told],
    ...(state === 'free' ? [] : [[{ text: `${SIGN[state]}${limit} ${stateText(row)}`, style }] as const]),
  ]
}

/** `▓▓▒░░`: spent, set aside, free. What is not nothing shows at least one sign. */
export function meterLine({ spent_micro_usd: spent, reserved_micro_usd: reserved, max_micro_usd, state }: LimitRow, columns: number): Line {
  const max = max_micro_usd ?? 0
  const signs = (amount: number) => (amount <= 0 ? 0 : Math.max(1, Math.round((amount / max) * columns)))
  // What is not used up leaves a sign free.
  const full = max === 0 ? columns : Math.min(spent < max ? columns - 1 : columns, signs(spent))
  const aside = max === 0 ? 0 : Math.min(columns - full, signs(reserved))
  return [
    { text: ' ' },
    { text: '▓'.repeat(full), style: STYLE[state] },
    { text: '▒'.repeat(aside), style: 'accent' },
    { text: '░'.repeat(columns - full - aside), style: 'dim' },
  ]
}

/** A limit is mostly a whole number of dollars. */
const wholeUsd = (micro_usd: number) => formatUsd(micro_usd).replace(/\.00$/, '')

/** A meter does not tell hundredths of a cent, unless that is all there is. */
function cents(micro_usd: number): string {
  return formatUsd(micro_usd < 5_000 ? micro_usd : Math.round(micro_usd / 10_000) * 10_000)
}
