import { isMet, type Figure, type Target, type Unit } from './figure.ts'
import type { Change } from './compare.ts'
import type { Machine } from './machine.ts'
import type { Report } from './report.ts'

/** A figure in the words of the table. */
export type Cells = { what: string; ours: string; baseline: string; ratio: string; target: string; met: string }

export function cellsOf(figure: Figure): Cells {
  const { what, unit, ours, against, targets } = figure
  const met = isMet(figure)
  return {
    what,
    ours: amount(ours.middle, unit),
    baseline: against === undefined ? '' : `${amount(against.theirs.middle, unit)} ${against.name}`,
    ratio: against === undefined ? '' : `${number(against.ratio.middle)} (${number(against.ratio.low)}–${number(against.ratio.high)})`,
    target: targets.map((target) => targetText(target, unit)).join(', '),
    met: met === undefined ? '' : met ? 'met' : 'missed',
  }
}

export function machineText({ cpu, cores, node, os, files }: Machine): string {
  return `${cpu}, ${cores} cores, Node ${node}, ${os}, files ${files}`
}

export function reportText({ at, commit, dirty, quick, busy }: Report): string {
  return `${at.slice(0, 10)}, commit ${commit}${dirty ? ' and changes' : ''}${quick ? ', a first look' : ''}${busy >= 1 ? `, others at work (${busy} processes for each core)` : ''}`
}

export function changeText({ row, what, against, times, verdict }: Change): string {
  return `${row}: ${what}${against === undefined ? '' : `, beside ${against}`}: ${times.toFixed(2)} × ${verdict === 'better' ? 'before: better' : 'before'}`
}

function targetText({ of, at, value }: Target, unit: Unit): string {
  return `${at === 'most' ? '≤' : '≥'} ${of === 'ratio' ? `${value} ×` : amount(value, unit)}`
}

function amount(value: number, unit: Unit): string {
  return unit === 'tasks/s' && value >= 10_000 ? `${number(value / 1000)}k/s` : `${number(value)} ${unit === 'tasks/s' ? '/s' : unit}`.replace(' /s', '/s')
}

/** Three digits that count. */
function number(value: number): string {
  if (!Number.isFinite(value)) return '?'
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(Math.abs(value) >= 1 ? 3 : 2)))
}
