import { GLYPHS } from '../../core/views/glyphs.ts'
import type { Line } from '../../core/views/line.ts'
import { TASK_STATUSES, type TaskStatus } from '../../core/task-state.ts'
import { COMMANDS, type Command } from '../commands.ts'
import type { Glance } from '../glance.ts'
import { keyName, type Keymap } from '../keymap.ts'
import { fit } from '../lines/fit.ts'
import { flow } from '../lines/flow.ts'
import { labelled } from '../lines/label.ts'
import { scrolled, scrollSteps } from '../lines/window.ts'
import type { Page } from '../ui.ts'
import { roomOf, titleWithWayBack, type PageModule } from './page.ts'

type Own = Extract<Page, { page: 'help' }>

export const helpPage: PageModule<Own> = {
  title: (glance) => titleWithWayBack(glance, 'help'),
  blocks: (glance, page) => [{ lines: scrolled(helpLines(glance), page.at, roomOf(glance).height) }],
  rows: (glance) => scrollSteps(helpLines(glance).length, roomOf(glance).height),
}

const GROUPS: readonly { group: Command['group']; title: string }[] = [
  { group: 'tasks', title: 'what happens to tasks' },
  { group: 'pages', title: 'pages' },
  { group: 'move', title: 'moving' },
  { group: 'look', title: 'what is shown' },
  { group: 'log', title: 'the log' },
  { group: 'replay', title: 'playing a run' },
  { group: 'screen', title: 'the screen' },
]

/** From so many columns of the screen on, the commands stand in so many columns. */
const COLUMNS = [
  { from: 180, columns: 3 },
  { from: 110, columns: 2 },
  { from: 0, columns: 1 },
]
const GAP = 3
/** Columns of the keys; a longer one begins a line of its own. */
const KEYS = 17

/** Only another width or other keys change the page. */
const made = new WeakMap<Keymap, { width: number; lines: readonly Line[] }>()

function helpLines(glance: Glance): readonly Line[] {
  const { keymap } = glance
  const { width } = roomOf(glance)
  const known = made.get(keymap)
  if (known?.width === width) return known.lines
  const lines = linesFor(keymap, width)
  made.set(keymap, { width, lines })
  return lines
}

function linesFor(keymap: Keymap, width: number): Line[] {
  const columns = COLUMNS.find(({ from }) => width >= from)?.columns ?? 1
  const each = Math.floor((width - 1 - GAP * (columns - 1)) / columns)
  const blocks = GROUPS.map(({ group, title }) => block(keymap, group, title, each))
  return [...legend(width - 1), [], ...beside(inColumns(blocks, columns), each)].map((line): Line => [{ text: ' ' }, ...line])
}

/** What the signs mean. */
function legend(width: number): Line[] {
  const bySign = new Map<string, TaskStatus[]>()
  for (const status of TASK_STATUSES) bySign.set(GLYPHS[status].unicode, [...(bySign.get(GLYPHS[status].unicode) ?? []), status])
  const pieces = [...bySign].map(([sign, statuses]): Line => [{ text: sign, ...(statuses[0] === undefined ? {} : { style: statuses[0] }) }, { text: ` ${statuses.join(', ')}` }])
  const others: readonly Line[] = [
    [{ text: '━', style: 'critical' }, { text: ' the critical path' }],
    [{ text: '▌', style: 'focus' }, { text: ' chosen' }],
    [{ text: '≤ $', style: 'dim' }, { text: ' a part of it is an estimate' }],
  ]
  return flow([...pieces, ...others], width)
}

function block(keymap: Keymap, group: Command['group'], title: string, width: number): Line[] {
  const rows: readonly Command[] = COMMANDS
  const lines = rows
    .filter((row) => row.group === group)
    .flatMap(({ command, help }) => {
      const keys = keymap.keysOf(command).map(keyName)
      return labelled(keys.length === 0 ? `:${command}` : keys.join(' '), help, width, { label: Math.min(KEYS, Math.floor(width / 3)), named: 'accent' })
    })
  return [[{ text: title, style: 'strong' }], ...lines, []]
}

/** Blocks in their order, in so many columns of which the longest is as short as it can be. */
function inColumns(blocks: readonly Line[][], columns: number): Line[][] {
  for (let most = Math.max(...blocks.map(({ length }) => length)); ; most++) {
    const filled: Line[][] = []
    for (const block of blocks) {
      const last = filled.at(-1)
      if (last !== undefined && last.length + block.length <= most) last.push(...block)
      else filled.push([...block])
    }
    if (filled.length <= columns) return filled
  }
}

function beside(columns: readonly Line[][], width: number): Line[] {
  const rows = Math.max(...columns.map(({ length }) => length))
  return Array.from({ length: rows }, (_, row) =>
    columns.flatMap((column, index): Line => (index === columns.length - 1 ? (column[row] ?? []) : [...fit(column[row] ?? [], width), { text: ' '.repeat(GAP) }])),
  )
}
