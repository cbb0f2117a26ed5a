import { oneLine } from '../../core/sanitize.ts'
import type { RunState } from '../../core/state.ts'
import type { Task } from '../../core/task-state.ts'
import { GLYPHS } from '../../core/views/glyphs.ts'
import type { Line } from '../../core/views/line.ts'
import { questionText } from '../../core/views/gate-words.ts'
import { queueRow } from '../../core/views/rows.ts'
import type { CommandName } from '../commands.ts'
import type { Glance } from '../glance.ts'
import { keyName } from '../keymap.ts'
import type { Pane } from './pane.ts'
import { queueColumns, type QueueColumn } from './queue-columns.ts'
import { taskLine } from './task-line.ts'
import { clockAt } from '../clock.ts'
import { welcomeLines } from './welcome.ts'

/** From so many rows on, the names of the columns stand above them. */
const NAMED = 8
const LONGEST_FILTER = 40

/** Every task, sorted by what needs a person. Only the rows that can be seen are made. */
export const queuePane: Pane = (glance, { width, height }) => {
  const { models, run, ui } = glance
  const { queue } = models
  if (run === undefined || run.state.tasks.size === 0) return { title: [{ text: 'tasks' }], lines: welcomeLines(glance, { width, height }) }
  if (queue.count() === 0) return { title: titleOf(glance, run.state), lines: noHit(glance) }
  const head = height >= NAMED ? 1 : 0
  const first = queue.window(ui.selected, height - head)
  const shown = queue.slice(first, first + height - head).flatMap((id) => run.state.tasks.get(id) ?? [])
  const hasTiers = Object.keys(run.state.settings?.tiers ?? {}).length > 0
  const columns = queueColumns(width, { longestId: queue.longestId(), hasTiers })
  return {
    title: titleOf(glance, run.state),
    note: noteOf(glance, first, shown.length),
    lines: [headLine(columns), ...shown.map((task) => lineOf(glance, run.state, task, columns))].slice(1 - head),
  }
}

function lineOf(glance: Glance, state: RunState, task: Task, columns: readonly QueueColumn[]): Line {
  const { ui, now } = glance
  const { id } = task.spec
  const row = queueRow(task, state, clockAt(now))
  return taskLine(row, { columns, selected: id === ui.selected, marked: ui.marks.has(id), advice: adviceOn(glance, task) })
}

/** What a person can do at once about a task that waits for them. */
function adviceOn({ keymap, run, ui }: Glance, { spec, state: now }: Task): string | undefined {
  if (now.status !== 'held' || run?.send === undefined) return undefined
  const isHere = ui.selected === spec.id
  const press = (...commands: readonly CommandName[]) => inWords(commands.flatMap((command) => keymap.keysOf(command).slice(0, 1)).map(keyName))
  switch (now.gate) {
    case 'approval':
      return isHere && press('approve') !== '' ? `approval — press ${press('approve')}` : 'needs your approval'
    case 'review': {
      const keys = press('approve', 'send-back', 'reject')
      return isHere && keys !== '' ? `review — press ${keys}` : 'needs your review'
    }
    case 'question': {
      // What is asked may be long: the key comes first.
      const keys = now.question.kind === 'permission' ? press('approve', 'reject') : press('answer')
      return isHere && keys !== '' && now.reply === undefined ? `press ${keys} — ${questionText(now.question)}` : undefined
    }
    case 'quota':
      return isHere && press('approve') !== '' ? `no quota — press ${press('approve')} to ask again` : undefined
    case 'budget':
    case 'paused':
      return undefined
  }
}

function titleOf({ models, ui }: Glance, { tasks }: RunState): Line {
  const filter = oneLine(ui.queue.filter, LONGEST_FILTER)
  const all = countText(tasks.size)
  if (filter === '') return [{ text: `queue · ${all} ${tasks.size === 1 ? 'task' : 'tasks'}` }]
  const problem = models.queue.problem()
  if (problem !== undefined) return [{ text: `queue · ${all} · ` }, { text: `${GLYPHS.incomplete.unicode} ${oneLine(problem, 2 * LONGEST_FILTER)}`, style: 'warn' }]
  return [{ text: `queue · ${countText(models.queue.count())} of ${all} · filter "${filter}"` }]
}

/** What is marked, how it is sorted, and how many tasks there are above and below. */
function noteOf({ models, ui }: Glance, first: number, rows: number): Line {
  const { sort, reversed } = ui.queue
  const below = models.queue.count() - first - rows
  const parts = [
    ui.marks.size > 0 ? `◆ ${countText(ui.marks.size)} marked` : '',
    `by ${sort}${reversed ? ', reversed' : ''}`,
    first > 0 ? `↑ ${countText(first)} more` : '',
    below > 0 ? `↓ ${countText(below)} more` : '',
  ]
  return [{ text: parts.filter((part) => part !== '').join(' · '), style: 'dim' }]
}

/** `a`, `a or d`, `a, b or d` */
function inWords(keys: readonly string[]): string {
  return keys.length < 2 ? keys.join('') : `${keys.slice(0, -1).join(', ')} or ${keys.at(-1)}`
}

const countText = (count: number) => count.toLocaleString('en')

function headLine(columns: readonly QueueColumn[]): Line {
  const names = columns.map(({ name, width, align }) => (align === 'right' ? name.padStart(width) : name.slice(0, width).padEnd(width)))
  return [{ text: names.join(' '), style: 'dim' }]
}

function noHit({ ui, keymap }: Glance): Line[] {
  const [key = 'esc'] = keymap.keysOf('back')
  return [[], [{ text: `  no task matches "${oneLine(ui.queue.filter, LONGEST_FILTER)}"` }], [{ text: `  ${keyName(key)} takes the filter away`, style: 'dim' }]]
}
