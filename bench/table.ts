import { cellsOf, machineText, reportText, type Cells } from './words.ts'
import type { Line } from './figure.ts'
import type { Report } from './report.ts'

/** 118 columns. What is longer makes its line longer. */
const COLUMNS: readonly [keyof Cells, number][] = [
  ['what', 45],
  ['ours', 11],
  ['baseline', 19],
  ['ratio', 17],
  ['target', 18],
  ['met', 6],
]
const HEAD: Cells = { what: '', ours: 'measured', baseline: 'baseline', ratio: 'ratio (half)', target: 'target', met: '' }

export const TABLE_HEAD = row(HEAD)

/** The lines of a row, for a terminal. */
export function tableLines(lines: readonly Line[]): string[] {
  return lines.map((line) => (line.is === 'remark' ? `  ${line.text}` : row(cellsOf(line))))
}

function row(cells: Cells): string {
  return COLUMNS.map(([name, width]) => (name === 'ours' ? cells[name].padStart(width) : cells[name].padEnd(width))).join(' ').trimEnd()
}

/** The same for the README: what is measured against what, and what has a target. */
export function markdown(report: Report): string {
  const table = ({ what, ours, baseline, ratio, target, met }: Cells) => `| ${[what, ours, baseline, ratio.replace(/ \(.*/, ''), target, met === 'missed' ? '**missed**' : met].join(' | ')} |`
  const figures = report.rows.flatMap(({ lines }) => lines.flatMap((line) => (line.is === 'figure' && line.targets.length > 0 ? [cellsOf(line)] : [])))
  const remarks = report.rows.flatMap(({ lines }) => lines.flatMap((line) => (line.is === 'remark' ? [line.text] : [])))
  return [
    `Measured on ${machineText(report.machine)}; ${reportText(report)}.`,
    ...(report.quick || report.busy >= 1 ? ['One round each, or a busy machine: take no figure by itself for what Tutti needs, and the ratios for rough.'] : []),
    '',
    '| what | measured | baseline | ratio | target | |',
    '| --- | --- | --- | --- | --- | --- |',
    ...figures.map(table),
    ...(remarks.length === 0 ? [] : ['', ...remarks.map((text) => `${text[0]?.toUpperCase()}${text.slice(1)}.`)]),
    '',
  ].join('\n')
}
