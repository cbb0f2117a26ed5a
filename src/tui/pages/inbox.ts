import { moment } from '../clock.ts'
import { answerWords, dueInWords } from '../../core/views/gate-words.ts'
import type { InboxAnswer, InboxEntry } from '../../core/views/inbox.ts'
import type { Line } from '../../core/views/line.ts'
import { GLYPHS } from '../../core/views/glyphs.ts'
import { oneLine } from '../../core/sanitize.ts'
import { formatSpan, plural } from '../../core/units.ts'
import type { CommandName } from '../commands.ts'
import type { Glance } from '../glance.ts'
import { flow } from '../lines/flow.ts'
import { labelled } from '../lines/label.ts'
import { listLines } from '../lines/list.ts'
import { marginLines } from '../lines/paragraph.ts'
import type { TableColumn } from '../lines/table-columns.ts'
import type { Page } from '../ui.ts'
import { openTask } from '../update/open-task.ts'
import { keyOf, roomOf, titleWithWayBack, type PageModule } from './page.ts'
import { shownAtGate } from './shown-at-gate.ts'
import { heldOf } from '../wishes.ts'

type Own = Extract<Page, { page: 'inbox' }>

export const inboxPage: PageModule<Own> = {
  title: (glance) => titleWithWayBack(glance, `inbox · ${waitingText(glance.models.overviews.inbox().length)}`),
  blocks: (glance, page) => [{ lines: inboxLines(glance, page) }],
  rows: ({ models }) => models.overviews.inbox().length,
  task: (glance, page) => chosen(glance, page)?.task,
  open: (glance, page) => openTask(glance, chosen(glance, page)?.task),
  copy: (glance, page) => {
    const entry = chosen(glance, page)
    return entry === undefined ? undefined : { text: entry.task, what: `"${entry.task}"` }
  },
}

function waitingText(count: number): string {
  return count === 0 ? 'nothing waits for you' : `${count} ${count === 1 ? 'waits' : 'wait'} for you`
}

/** The list is as long as it was a moment ago or shorter: whoever stood at its end still stands on something. */
function chosen({ models }: Glance, { at }: Own): InboxEntry | undefined {
  const entries = models.overviews.inbox()
  return entries[Math.min(at, entries.length - 1)]
}

const COLUMNS: readonly TableColumn[] = [
  { name: 'task', least: 10 },
  { name: 'waiting', align: 'right', spare: 1 },
  { name: 'behind it', align: 'right', spare: 2 },
  { name: 'for what', least: 12 },
  { name: 'by itself', spare: 3 },
]

function inboxLines(glance: Glance, page: Own): Line[] {
  const { run, models, keymap, now } = glance
  const { width, height } = roomOf(glance)
  const entries = models.overviews.inbox()
  const entry = chosen(glance, page)
  const paused = run?.state.paused === undefined ? [] : marginLines(`The whole run is paused by ${oneLine(run.state.paused, 60)}: ${keyOf({ keymap }, 'pause')} lets it go on.`, width, 'held')
  if (entry === undefined) return [...paused, [], ...marginLines(NOTHING, width, 'dim')]
  const task = run?.state.tasks.get(entry.task)
  const held = heldOf(task)
  const shown = task === undefined || held === undefined ? [] : [...(held.gate === 'question' ? [] : [[]]), ...shownAtGate(glance, task, held, width)]
  const head = [...paused, ...headLines(glance, entry, width)]
  // Where there is no room to say what comes of each answer, they are only named.
  const long = answerLines(glance, entry, width)
  const answers = LEAST_LIST + head.length + long.length + 2 <= height ? long : briefly(glance, entry, width)
  const room = Math.max(LEAST_LIST, height - head.length - answers.length - 3)
  const list = Math.min(entries.length + 1, Math.max(LEAST_LIST, Math.floor(room / 2), room - shown.length))
  const rows = listLines(COLUMNS, entries.length, (index) => cells(entries[index], now), entries.indexOf(entry), { width, height: list })
  return [...rows, [], ...head, ...cut(shown, room - list, glance), [], ...answers].slice(0, height)
}

const NOTHING = 'Nothing waits for you. Tasks come here that ask for approval, for a review or for an answer, that there is no money or no quota for, and that were paused.'
/** Rows of the list that stay: its heading and the chosen one. */
const LEAST_LIST = 2

/** What does not fit is told where it can be read. */
function cut(lines: readonly Line[], rows: number, glance: Glance): readonly Line[] {
  if (lines.length <= rows) return lines
  return rows < 1 ? [] : [...lines.slice(0, rows - 1), [{ text: ` … ${keyOf(glance, 'open')} shows all of it`, style: 'dim' }]]
}

function cells(entry: InboxEntry | undefined, now: number): Line[] {
  if (entry === undefined) return []
  return [
    [{ text: GLYPHS.held.unicode, style: 'held' }, { text: ` ${entry.task}` }],
    [{ text: formatSpan(Math.max(0, now - Date.parse(entry.since)) / 1000) }],
    [{ text: entry.behind === 0 ? '' : plural(entry.behind, 'task'), style: 'dim' }],
    [{ text: oneLine(entry.waits.replace(/^waits for /, ''), 500) }],
    [{ text: dueInWords(entry, now) ?? '', style: 'warn' }],
  ]
}

/** Which one is chosen, since when it waits, and what comes of it by itself; a question is told below in full. */
function headLines(glance: Glance, entry: InboxEntry, width: number): Line[] {
  const { task, title, since, waits, advice, gate } = entry
  const name = title === task ? [] : [{ text: ` ${oneLine(title, 200)}` }]
  const due = dueInWords(entry, glance.now)
  const says = `${oneLine(waits, 500)}${advice === undefined ? '' : `; ${oneLine(advice, 300)}`}`
  return [
    [{ text: ` ${task}`, style: 'strong' }, ...name, { text: `  since ${moment(Date.parse(since), glance.now)}`, style: 'dim' }, ...(due === undefined ? [] : [{ text: `  ${due}`, style: 'warn' as const }])],
    ...(gate === 'question' ? [] : marginLines(says, width)),
  ]
}

const COMMAND_OF = { approve: 'approve', answer: 'answer', 'send-back': 'send-back', reject: 'reject', unpause: 'pause-task', skip: 'skip', cancel: 'cancel' } as const satisfies Record<InboxAnswer['intent'], CommandName>

function verbOf(entry: InboxEntry, intent: InboxAnswer['intent']): string {
  switch (intent) {
    case 'unpause':
      return 'let it go on'
    case 'skip':
    case 'cancel':
      return intent
    case 'approve':
    case 'answer':
    case 'send-back':
    case 'reject':
      return answerWords(entry, intent)?.verb ?? intent
  }
}

/** Every answer with its key, and what comes of it. */
function answerLines(glance: Glance, entry: InboxEntry, width: number): Line[] {
  return entry.answers.flatMap(({ intent, means }) => labelled(`  ${keyOf(glance, COMMAND_OF[intent])}`, `${verbOf(entry, intent)}: ${oneLine(means, 300)}`, width, { label: 5, named: 'accent' }))
}

function briefly(glance: Glance, entry: InboxEntry, width: number): Line[] {
  const pieces = entry.answers.map(({ intent }): Line => [{ text: keyOf(glance, COMMAND_OF[intent]), style: 'accent' }, { text: ` ${verbOf(entry, intent)}` }])
  return flow(pieces, width - 1).map((line): Line => [{ text: ' ' }, ...line])
}
