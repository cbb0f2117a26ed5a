import { timeToSecond } from '../clock.ts'
import type { CostGroup, CostReport, CostSum } from '../../core/views/cost.ts'
import { savingsTexts, verifiedText } from '../../core/views/cost-text.ts'
import type { LimitRow } from '../../core/views/limits.ts'
import type { Line } from '../../core/views/line.ts'
import type { RunCost } from '../../core/views/run-cost.ts'
import { sparkline, spentInParts } from '../../core/views/sparkline.ts'
import { oneLine } from '../../core/sanitize.ts'
import { formatTokens, formatUsd, formatUsdAlike } from '../../core/units.ts'
import type { Glance } from '../glance.ts'
import type { Block } from '../lines/block.ts'
import { fit, spread } from '../lines/fit.ts'
import { marginLines } from '../lines/paragraph.ts'
import type { TableColumn } from '../lines/table-columns.ts'
import { limitsInOrder, meterLine, stateText } from '../panes/money.ts'
import type { Page } from '../ui.ts'
import { openTask } from '../update/open-task.ts'
import { keyOf, nextOf, roomOf, titleWithWayBack, type PageModule } from './page.ts'
import { tabsLine } from './tabs.ts'

type Own = Extract<Page, { page: 'cost' }>

/** A run is of one project, and seldom of more than one day. */
const GROUPS = ['tier', 'model', 'task'] as const satisfies readonly CostGroup[]

export const costPage: PageModule<Own> = {
  title: (glance) => titleWithWayBack(glance, `cost · ${formatUsd(glance.run?.state.budget.spent.run ?? 0)} in this run`),
  blocks: costBlocks,
  rows: ({ models }, { by }) => models.overviews.cost(by).report.rows.length,
  turn: (page, by) => ({ ...page, by: nextOf<CostGroup>(GROUPS, page.by, by), at: 0 }),
  open: (glance, page) => (page.by === 'task' ? openTask(glance, nameOf(glance, page)) : undefined),
  copy: (glance, page) => {
    const name = nameOf(glance, page)
    return name === undefined ? undefined : { text: name, what: `"${name}"` }
  },
}

/** What the chosen row is about. */
function nameOf({ models }: Glance, { by, at }: Own): string | undefined {
  const { rows } = models.overviews.cost(by).report
  const name = rows[Math.min(at, rows.length - 1)]?.name
  return name === undefined ? undefined : withoutRun(name, by)
}

/** Tasks are named with their run, of which there is one only. */
function withoutRun(name: string, by: CostGroup): string {
  return by === 'task' ? name.slice(name.indexOf('/') + 1) : name
}

const COLUMNS: readonly TableColumn[] = [
  { name: 'name', least: 12 },
  { name: 'attempts', align: 'right', spare: 2 },
  { name: 'tokens in', align: 'right', spare: 3 },
  { name: 'out', align: 'right', spare: 3 },
  { name: 'spent', align: 'right' },
  { name: 'share', align: 'right', spare: 1 },
]

function costBlocks(glance: Glance, page: Own): Block[] {
  const { width, height } = roomOf(glance)
  const cost = glance.models.overviews.cost(page.by)
  const { rows, total } = cost.report
  const tabs = tabsLine(GROUPS, page.by, keyOf(glance, 'next-pane'), width)
  if (rows.length === 0) return [{ lines: [tabs, [], ...marginLines('Nothing was spent in this run yet.', width, 'dim'), [], ...limitLines(glance, width)] }]
  const below = [[], ...storyLines(cost, glance, width)]
  // The table has its heading, what there is to tell of and the total, and half of the page if it needs that.
  const wanted = rows.length + 1
  const least = Math.min(wanted, Math.floor((height - 2) / 2))
  const table = Math.max(least, Math.min(wanted, height - 2 - below.length))
  const texts = spentTexts(cost.report)
  const cells = (sum: CostSum & { name: string }, index: number) => cellsOf(sum, texts[index] ?? '', total, page.by)
  const cellsAt = (index: number) => {
    const row = rows[index]
    return row === undefined ? [] : cells(row, index)
  }
  const last = cells({ name: 'total', ...total }, rows.length)
  return [
    { lines: [tabs] },
    { table: { columns: COLUMNS, rows: rows.length, cells: cellsAt, last, at: Math.min(page.at, rows.length - 1), height: table + 1 } },
    { lines: below.slice(0, Math.max(0, height - table - 2)) },
  ]
}

/** What each row and all of them together have spent, with as many decimals; a report may have thousands of rows. */
const spent = new WeakMap<CostReport, readonly string[]>()

function spentTexts(report: CostReport): readonly string[] {
  const texts = spent.get(report) ?? formatUsdAlike([...report.rows, report.total].map(({ spent_micro_usd }) => spent_micro_usd))
  spent.set(report, texts)
  return texts
}

function cellsOf({ name, attempts, tokens, spent_micro_usd, estimated_micro_usd }: CostSum & { name: string }, spentText: string, total: CostSum, by: CostGroup): Line[] {
  return [
    [{ text: oneLine(withoutRun(name, by), 200) }],
    [{ text: String(attempts), style: 'dim' }],
    [{ text: tokens.input === 0 ? '' : formatTokens(tokens.input), style: 'dim' }],
    [{ text: tokens.output === 0 ? '' : formatTokens(tokens.output), style: 'dim' }],
    [{ text: `${estimated_micro_usd > 0 ? '≤ ' : ''}${spentText}` }],
    [{ text: shareText(spent_micro_usd, total.spent_micro_usd), style: 'dim' }],
  ]
}

/** `42 %`. What is not nothing is not shown as nothing. */
function shareText(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : Math.round((part / whole) * 100)
  return part > 0 && percent === 0 ? '<1 %' : `${percent} %`
}

/** What stands below the table: spending over time, the limits, and what was got for the money. */
function storyLines({ report, payments }: RunCost, glance: Glance, width: number): Line[] {
  const said = [...savingsTexts(report), verifiedText(report)]
  return [...timeLines(payments, glance, width), ...limitLines(glance, width), [], ...said.flatMap((text) => marginLines(text, width, 'dim'))]
}

/** Wider bars than there are payments would tell nothing more. */
const WIDEST = 120

/** What was spent over time, as bars over their time. */
function timeLines(payments: RunCost['payments'], { run, now }: Glance, width: number): Line[] {
  if (run === undefined) return []
  const { opened_at, ended_at } = run.state
  const from = Date.parse(opened_at)
  const to = ended_at === undefined ? now : Date.parse(ended_at)
  const columns = Math.max(10, Math.min(width - 2, WIDEST))
  const axis = spread([{ text: `${timeToSecond(from)}  spent over time`, style: 'dim' }], [{ text: timeToSecond(to), style: 'dim' }], columns)
  return [[{ text: ' ' }, { text: sparkline(spentInParts(payments, from, to, columns)), style: 'accent' }], [{ text: ' ' }, ...axis], []]
}

const METER = 20
const STYLES = { free: undefined, warned: 'warn', 'used up': 'bad' } as const

/** Limits that are set, with what is left of each. */
function limitLines({ run }: Glance, width: number): Line[] {
  const rows = run === undefined ? [] : limitsInOrder(run.state)
  const limited = rows.filter((row): row is LimitRow & { max_micro_usd: number } => row.max_micro_usd !== null)
  if (limited.length === 0) return [[{ text: ' no limit is set', style: 'dim' }]]
  return limited.map((row): Line => {
    const style = STYLES[row.state]
    const look = style === undefined ? {} : { style }
    const reserved = row.reserved_micro_usd === 0 ? '' : `, ${formatUsd(row.reserved_micro_usd)} set aside`
    return [
      ...fit([{ text: ` ${row.limit}`, style: 'dim' }], 9),
      ...meterLine(row, Math.min(METER, Math.max(4, width - 50))),
      { text: ` ${formatUsd(row.spent_micro_usd)} of ${formatUsd(row.max_micro_usd)}${reserved}` },
      ...(row.state === 'free' ? [] : [{ text: ` · ⚠ ${stateText(row)}`, ...look }]),
    ]
  })
}
