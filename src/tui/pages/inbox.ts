import { moment } from '../clock.ts'
import type { InboxEntry } from '../../core/views/inbox.ts'
import type { Line } from '../../core/views/line.ts'
import { GLYPHS } from '../../core/views/glyphs.ts'
import { oneLine } from '../../core/sanitize.ts'
import { formatSpan, plural } from '../../core/units.ts'
import type { CommandName } from '../commands.ts'
import type { Glance } from '../glance.ts'
import { labelled } from '../lines/label.ts'
import { listLines } from '../lines/list.ts'
import { marginLines } from '../lines/paragraph.ts'
import type { TableColumn } from '../lines/table-columns.ts'
import type { Page } from '../ui.ts'
import { openTask } from '../update/open-task.ts'
import { keyOf, roomOf, titleWithWayBack, type PageModule } from './page.ts'
import { promptLines } from '../lines/prompt-lines.ts'

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
]

function inboxLines(glance: Glance, page: Own): Line[] {
  const { run, models, keymap, now } = glance
  const room = roomOf(glance)
  const entries = models.overviews.inbox()
  const entry = chosen(glance, page)
  const paused = run?.state.paused === undefined ? [] : marginLines(`The whole run is paused by ${oneLine(run.state.paused, 60)}: ${keyOf({ keymap }, 'pause')} lets it go on.`, room.width, 'held')
  if (entry === undefined) return [...paused, [], ...marginLines('Nothing waits for you. Tasks come here that ask for approval, that there is no money for, and that were paused.', room.width, 'dim')]
  const answers = answersTo(glance, entry, room.width)
  // Half of the page is the list's, whatever there is to say; what it does not need shows what the task asks for.
  const height = Math.max(2, room.height - paused.length - answers.length - 1, Math.floor(room.height / 2))
  const list = listLines(COLUMNS, entries.length, (index) => cells(entries[index], now), entries.indexOf(entry), { width: room.width, height })
  const prompt = run?.state.tasks.get(entry.task)?.spec
  const asks = prompt === undefined ? [] : promptLines(prompt, room.width)
  return [...paused, ...list, [], ...answers, [], ...asks].slice(0, room.height)
}

function cells(entry: InboxEntry | undefined, now: number): Line[] {
  if (entry === undefined) return []
  return [
    [{ text: GLYPHS.held.unicode, style: 'held' }, { text: ` ${entry.task}` }],
    [{ text: formatSpan(Math.max(0, now - Date.parse(entry.since)) / 1000) }],
    [{ text: entry.behind === 0 ? '' : plural(entry.behind, 'task'), style: 'dim' }],
    [{ text: oneLine(entry.waits.replace(/^waits for /, ''), 500) }],
  ]
}

const COMMAND_OF = { approve: 'approve', unpause: 'pause-task', skip: 'skip', cancel: 'cancel' } as const satisfies Record<string, CommandName>
const VERB_OF = { approve: 'approve', unpause: 'let it go on', skip: 'skip', cancel: 'cancel' }

/** What the chosen one waits for, and what comes of each answer. */
function answersTo(glance: Glance, { task, title, since, waits, answers, advice }: InboxEntry, width: number): Line[] {
  const name = title === task ? [] : [{ text: ` ${oneLine(title, 200)}` }]
  return [
    [{ text: ` ${task}`, style: 'strong' }, ...name, { text: `  since ${moment(Date.parse(since), glance.now)}`, style: 'dim' }],
    ...marginLines(`${oneLine(waits, 500)}${advice === undefined ? '' : `; ${oneLine(advice, 300)}`}`, width),
    ...answers.flatMap(({ intent, means }) => (intent === 'answer' || intent === 'send-back' || intent === 'reject' ? [] : labelled(`  ${keyOf(glance, COMMAND_OF[intent])}`, `${VERB_OF[intent]}: ${means}`, width, { label: 5, named: 'accent' }))),
  ]
}
