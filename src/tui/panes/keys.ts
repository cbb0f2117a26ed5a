import { whyNot } from '../../core/steering.ts'
import { answerWords, type GateIntent } from '../../core/views/gate-words.ts'
import type { Line } from '../../core/views/line.ts'
import { COMMANDS, type Command, type CommandName } from '../commands.ts'
import type { Glance } from '../glance.ts'
import { keyName } from '../keymap.ts'
import { fit } from '../lines/fit.ts'
import { pieceLine, type Piece } from '../lines/pieces.ts'
import { placesOf } from '../places.ts'
import { topPage, type Page } from '../ui.ts'
import { subjectsOf } from '../update/subjects.ts'
import { canDo, heldOf, pauseWish, type TaskCommand } from '../wishes.ts'

const ROWS: readonly Command[] = COMMANDS

/** How long the key of a command stays where columns run out: what a person is waited for, and the ways out and to the help, longest. */
const KEEP: Partial<Record<CommandName, number>> = { quit: 20, help: 19, approve: 18.5, answer: 18, inbox: 17, 'send-back': 16.5, reject: 16.4, back: 16, play: 15, 'play-back': 14, 'play-forth': 14, search: 11, open: 10, pause: 9, retry: 8, skip: 7, cancel: 6, filter: 5, command: 4, 'next-pane': 3, sort: 2, shape: 2, combined: 2, zoom: 1, runs: 5 }

/** The keys that mean something here and now. */
export function keysLine(glance: Glance, width: number): Line {
  const places = placesOf(glance)
  const here = ROWS.filter(({ where = ['everywhere'] }) => where.some((place) => place === 'everywhere' || places.includes(place)))
  return fit([{ text: ' ' }, ...pieceLine(here.flatMap((row) => keyPiece(glance, row)), width - 1)], width)
}

type Said = { text: string; /** Whether somebody is waited for. */ waits: boolean }

function keyPiece(glance: Glance, { command, short }: Command): Piece[] {
  const [key] = glance.keymap.keysOf(command)
  if (key === undefined || short === undefined) return []
  const sayer = SAID[command]
  const said = sayer === undefined ? { text: short, waits: false } : sayer(glance, short)
  if (said === undefined) return []
  return [{ ways: [[{ text: keyName(key), style: 'strong' }, { text: ` ${said.text}`, style: said.waits ? 'held' : 'dim' }]], keep: KEEP[command] ?? 0, gap: 2 }]
}

/** What a key would do; undefined where it can do nothing now. A command that is not here can always do what it says. */
const SAID: Partial<Record<CommandName, (glance: Glance, short: string) => Said | undefined>> = {
  approve: (glance, short) => atGate(glance, 'approve', short),
  answer: (glance, short) => atGate(glance, 'answer', short),
  'send-back': (glance, short) => atGate(glance, 'send-back', short),
  reject: (glance, short) => atGate(glance, 'reject', short),
  skip: (glance, short) => ifAny(glance, 'skip', { text: short, waits: false }),
  cancel: (glance, short) => ifAny(glance, 'cancel', { text: short, waits: false }),
  retry: (glance, short) => ifAny(glance, 'retry', { text: short, waits: false }),
  pause: ({ run }, short) => {
    if (run?.send === undefined) return undefined
    const wish = pauseWish(run.state)
    return whyNot(run.state, wish) === undefined ? { text: wish.type === 'pause' ? short : 'go on', waits: false } : undefined
  },
  inbox: (glance, short) => {
    const waiting = glance.models.queue.waiting()
    if (!hasTasks(glance)) return undefined
    return waiting === 0 ? { text: short, waits: false } : { text: `${short} ${waiting}`, waits: true }
  },
  open: ({ run, ui }, text) => (run === undefined || isShut(topPage(ui)) || (topPage(ui) === undefined && ui.selected === undefined) ? undefined : { text, waits: false }),
  back: ({ ui, isAside }, text) => (topPage(ui) === undefined && !ui.zoomed && ui.queue.filter === '' && ui.log.search === '' && ui.marks.size === 0 && !isAside ? undefined : { text, waits: false }),
  quit: ({ isAside }, short) => ({ text: isAside ? 'close' : short, waits: false }),
  'next-pane': (glance, text) => (hasParts(topPage(glance.ui)) ? { text: 'part', waits: false } : onMain(glance, text)),
  filter: onMain,
  sort: onMain,
  zoom: onMain,
  shape: (glance, text) => (glance.ui.focus === 'graph' ? onMain(glance, text) : undefined),
  combined: (glance, text) => (glance.ui.focus === 'log' ? onMain(glance, text) : undefined),
  runs: (glance, text) => (hasTasks(glance) || topPage(glance.ui) !== undefined ? undefined : { text, waits: false }),
}

/** Whether a page has several parts to turn. */
const hasParts = (page: Page | undefined) => page?.page === 'task' || page?.page === 'cost'
/** Whether Enter opens nothing of a page. */
const isShut = (page: Page | undefined) => page?.page === 'help' || (page?.page === 'cost' && page.by !== 'task')
const hasTasks = ({ run }: Glance) => run !== undefined && run.state.tasks.size > 0

/** On the main page, where there is something to look at. */
function onMain(glance: Glance, text: string): Said | undefined {
  return hasTasks(glance) && topPage(glance.ui) === undefined ? { text, waits: false } : undefined
}

/** So many of the marked tasks are asked whether a key means something for them. */
const MOST_ASKED = 50

/** Where it can be done to any of the tasks that it would be about. */
function ifAny(glance: Glance, command: 'skip' | 'cancel' | 'retry', said: Said): Said | undefined {
  return possible(glance, command).length > 0 ? said : undefined
}

/** What an answer is called at the gates that it would be about; as the keymap says where they are of several kinds. */
function atGate(glance: Glance, command: GateIntent, short: string): Said | undefined {
  const verbs = possible(glance, command).map((task) => {
    const held = heldOf(glance.run?.state.tasks.get(task))
    return held === undefined ? undefined : answerWords(held, command)?.verb
  })
  const [first, ...others] = new Set(verbs.filter((verb) => verb !== undefined))
  if (first === undefined) return undefined
  return { text: others.length === 0 ? first : short, waits: true }
}

function possible(glance: Glance, command: TaskCommand): string[] {
  const { run } = glance
  if (run?.send === undefined) return []
  return subjectsOf(glance).slice(0, MOST_ASKED).filter((task) => canDo(run.state, command, task))
}
