import { dayOf, timeOfDay } from '../clock.ts'
import { countsText } from '../../core/views/rows.ts'
import { GLYPHS } from '../../core/views/glyphs.ts'
import type { Line, Span } from '../../core/views/line.ts'
import { oneLine } from '../../core/sanitize.ts'
import { hasEnded, TASK_STATUSES, type TaskStatus } from '../../core/task-state.ts'
import { formatSpan, formatUsd } from '../../core/units.ts'
import type { Glance } from '../glance.ts'
import { listLines } from '../lines/list.ts'
import { marginLines } from '../lines/paragraph.ts'
import type { TableColumn } from '../lines/table-columns.ts'
import type { RunEntry } from '../models/lookups.ts'
import type { Page } from '../ui.ts'
import { look, perform, type Step } from '../update/step.ts'
import { keyOf, roomOf, titleWithWayBack, type PageModule } from './page.ts'

type Own = Extract<Page, { page: 'runs' }>

export const runsPage: PageModule<Own> = {
  title: (glance) => {
    const { length } = glance.models.lookups.runIds()
    return titleWithWayBack(glance, `runs · ${length}, newest first`)
  },
  blocks: (glance, page) => [{ lines: runsLines(glance, page) }],
  rows: ({ models }) => models.lookups.runIds().length,
  open: openRun,
  copy: (glance, page) => {
    const id = chosen(glance, page)
    return id === undefined ? undefined : { text: id, what: `the run's name` }
  },
}

function chosen({ models }: Glance, { at }: Own): string | undefined {
  const ids = models.lookups.runIds()
  return ids[Math.min(at, ids.length - 1)]
}

/** The run that is shown already only loses the page over it. */
function openRun(glance: Glance, page: Own): Step {
  const run = chosen(glance, page)
  if (run === undefined || run === glance.run?.folder.id) return look(glance, { pages: [] })
  return perform({ ...glance, ui: { ...glance.ui, pages: [] } }, { effect: 'open-run', run })
}

const COLUMNS: readonly TableColumn[] = [
  { name: 'began', spare: 1 },
  { name: 'run' },
  { name: 'state' },
  { name: 'tasks', least: 14 },
  { name: 'took', align: 'right', spare: 3 },
  { name: 'cost', align: 'right', spare: 2 },
  { name: 'what it was', spare: 4, least: 16 },
]

function runsLines(glance: Glance, page: Own): Line[] {
  const { run, models, isAside } = glance
  const room = roomOf(glance)
  const ids = models.lookups.runIds()
  if (ids.length === 0) return [[], ...marginLines('There are no runs yet, or they are still being looked for.', room.width, 'dim')]
  const wayBack = isAside ? marginLines(`An earlier run is shown; ${keyOf(glance, 'back')} on its main page, or ${keyOf(glance, 'leave-run')}, leads back to the one that is conducted.`, room.width, 'accent') : []
  const list = { width: room.width, height: room.height - wayBack.length }
  const cells = (index: number) => {
    const id = ids[index] ?? ''
    return cellsOf(id, models.lookups.run(id), id === run?.folder.id)
  }
  return [...wayBack, ...listLines(COLUMNS, ids.length, cells, Math.min(page.at, ids.length - 1), list)]
}

function cellsOf(id: string, entry: RunEntry | undefined, isShown: boolean): Line[] {
  // Runs are named by when they began, in UTC.
  const [, year = '', month = '', day = '', hour = '', minute = '', end = ''] = /^(....)(..)(..)-(..)(..)..-(.*)$/.exec(id) ?? []
  const began = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`)
  const name: Line = [{ text: `${dayOf(began)} ${timeOfDay(began)}`, style: 'dim' }]
  const short: Line = [{ text: end, ...(isShown ? { style: 'strong' } : {}) }]
  if (entry === undefined) return [name, short, [{ text: '…', style: 'dim' }]]
  if ('problem' in entry) return [name, short, stateCell('failed', 'damaged'), [], [], [], [{ text: oneLine(entry.problem, 300) }]]
  const { status, counts, duration_s, cost_micro_usd, task_files, project } = entry
  const files = task_files.map(({ file }) => file.slice(file.lastIndexOf('/') + 1)).join(', ')
  return [
    name,
    short,
    STATES[status](isShown),
    countCells(counts),
    [{ text: duration_s === null ? '' : formatSpan(duration_s), style: 'dim' }],
    [{ text: cost_micro_usd === 0 ? '' : formatUsd(cost_micro_usd) }],
    [{ text: oneLine(files === '' ? project : files, 300), style: 'dim' }],
  ]
}

const stateCell = (sign: TaskStatus, text: string): Line => [{ text: `${GLYPHS[sign].unicode} ${text}`, style: sign }]

/** A run that is not over may be the one that is shown; any other one was left, or its conductor is gone. */
const STATES: Record<Exclude<RunEntry, { problem: string }>['status'], (isShown: boolean) => Line> = {
  running: (isShown) => (isShown ? stateCell('running', 'shown here') : stateCell('held', 'not over')),
  succeeded: () => stateCell('complete', 'succeeded'),
  failed: () => stateCell('failed', 'failed'),
  cancelled: () => stateCell('cancelled', 'cancelled'),
}

/** What has ended first, and of that what went well. */
const COUNTED = [...TASK_STATUSES.filter(hasEnded), ...TASK_STATUSES.filter((status) => !hasEnded(status))]

/** `✔ 12  ✖ 1`: a run without tasks says so. */
function countCells(counts: Parameters<typeof countsText>[0]): Line {
  const parts = COUNTED.flatMap((status): Span[] => ((counts[status] ?? 0) === 0 ? [] : [{ text: GLYPHS[status].unicode, style: status }, { text: ` ${counts[status]}  ` }]))
  return parts.length === 0 ? [{ text: countsText(counts), style: 'dim' }] : parts
}
