import type { Action, Movement } from '../commands.ts'
import type { Glance } from '../glance.ts'
import { askedLines } from '../panes/log-asked.ts'
import { COMBINED, movedCombined } from '../panes/log-combined.ts'
import { oneLog, sameTop, type OneLog } from '../panes/log-one.ts'
import { partsOf, roomOf, type LogPart } from '../panes/log-parts.ts'
import { lastRows, movedTop, topOf } from '../panes/log-window.ts'
import type { LogUi } from '../ui.ts'
import { look, refuse, type Step } from './step.ts'

/** Scrolls the log; its end is followed again when it is reached. */
export function moveInLog(glance: Glance, movement: Movement): Step {
  const { log } = glance.ui
  const at = log.combined ? placeInCombined(glance, movement) : placeInOne(glance, movement)
  return look(glance, at === undefined ? {} : { log: { ...log, at } })
}

type LogCommand = 'search' | 'next-match' | 'previous-match' | 'wrap' | 'times' | 'earlier-attempt' | 'later-attempt' | 'pin' | 'combined'

/** What a command about the log changes. */
export function updateLog(glance: Glance, action: Action & { do: LogCommand }): Step {
  const { log } = glance.ui
  const change = (changes: Partial<LogUi>) => look(glance, { log: { ...log, ...changes } })
  switch (action.do) {
    case 'wrap':
      return change({ wrap: !log.wrap })
    case 'times':
      return change({ times: !log.times })
    case 'combined':
      return change({ combined: !log.combined, at: 'end' })
    case 'search':
      return action.arg === undefined ? look(glance, { prompt: { ask: 'search', text: log.search, before: log.search } }) : searchFor(glance, action.arg)
    case 'next-match':
      return seek(glance, 'next')
    case 'previous-match':
      return seek(glance, 'previous')
    case 'earlier-attempt':
      return turnTo(glance, -1)
    case 'later-attempt':
      return turnTo(glance, 1)
    case 'pin':
      return pin(glance)
  }
}

/** Rows that a person can always read on when a page is turned. */
const KEPT_ROWS = 1
/** Lines that are gone back at most to the beginning of what all tasks said. */
const FAR = 1_000

function placeInOne(glance: Glance, movement: Movement): LogUi['at'] | undefined {
  const one = chosenLog(glance)
  if (one === undefined || movement === 'left' || movement === 'right') return undefined
  if (movement === 'bottom') return 'end'
  const { log, height, lay, rows, name } = one
  const top = movement === 'top' ? { line: 0, row: 0 } : movedTop(log.text, topOf(rows), rowsOf(movement, height), height, lay)
  return sameTop(top, topOf(lastRows(log.text, height, lay))) ? 'end' : { log: name, ...top }
}

function placeInCombined(glance: Glance, movement: Movement): LogUi['at'] | undefined {
  if (movement === 'left' || movement === 'right') return undefined
  if (movement === 'bottom') return 'end'
  const room = roomOf(glance)
  const place = movedCombined(glance, movement === 'top' ? FAR : -rowsOf(movement, room.height), room)
  return place === 'end' ? 'end' : { log: COMBINED, ...place }
}

function rowsOf(movement: 'up' | 'down' | 'page-up' | 'page-down', height: number): number {
  const page = Math.max(1, height - KEPT_ROWS)
  switch (movement) {
    case 'up':
      return -1
    case 'down':
      return 1
    case 'page-up':
      return -page
    case 'page-down':
      return page
  }
}

/** To the nearest line that holds it: back from the end, where that is followed, or else on from what is shown. */
function searchFor(glance: Glance, words: string): Step {
  const { ui } = glance
  const searched = { ...glance, ui: { ...ui, log: { ...ui.log, search: words } } }
  const isInOne = words !== '' && !ui.log.combined && chosenLog(glance) !== undefined
  return isInOne ? seek(searched, ui.log.at === 'end' ? 'previous' : 'next') : look(searched, {})
}

/** Nothing is searched for any more; what was found stays on the screen. */
export function endSearch(glance: Glance): Step {
  const { log } = glance.ui
  const ended = { ...log, search: '' }
  if (log.at === 'end' || !('seek' in log.at)) return look(glance, { log: ended })
  const one = chosenLog(glance)
  return look(glance, { log: { ...ended, at: one === undefined || one.isAtEnd ? 'end' : { log: one.name, ...topOf(one.rows) } } })
}

/** To the nearest line that was searched for, from the one before, or from what is shown. */
function seek(glance: Glance, to: 'next' | 'previous'): Step {
  const { log } = glance.ui
  if (log.search === '') return refuse(glance, 'nothing is searched for: / in the log')
  if (log.combined) return refuse(glance, 'what all tasks say is not searched: A shows one log')
  const one = chosenLog(glance)
  if (one === undefined) return refuse(glance, 'there is no log yet')
  const top = topOf(one.rows).line
  const shown = log.at === 'end' ? one.log.text.end : to === 'next' ? top - 1 : top
  return look(glance, { log: { ...log, at: { log: one.name, seek: to, from: one.hit?.line ?? shown } } })
}

/** The log of another attempt of the selected task. */
function turnTo(glance: Glance, by: 1 | -1): Step {
  const { ui, run } = glance
  const part = chosenPart(glance)
  const attempts = part === undefined ? undefined : run?.state.tasks.get(part.task)?.attempts
  if (part?.attempt === undefined || attempts === undefined) return refuse(glance, 'it has not run yet')
  const index = attempts.findIndex(({ attempt }) => attempt === part.attempt) + by
  const attempt = attempts[index]?.attempt
  if (attempt === undefined) return refuse(glance, by === -1 ? 'this is its first attempt' : 'this is its newest attempt')
  // The newest is followed by whatever comes after it.
  const asked = index === attempts.length - 1 ? undefined : { task: part.task, attempt }
  return look(glance, { log: { ...ui.log, attempt: asked, at: 'end', combined: false } })
}

/** Keeps the selected task's log on the screen, or lets it go. */
function pin(glance: Glance): Step {
  const { selected, log } = glance.ui
  if (selected === undefined) return refuse(glance, 'no task is selected')
  const pinned = log.pinned.includes(selected) ? log.pinned.filter((task) => task !== selected) : [...log.pinned, selected]
  return look(glance, { log: { ...log, pinned, combined: false } })
}

function chosenPart(glance: Glance): LogPart | undefined {
  return partsOf(glance, roomOf(glance).height).find(({ isChosen }) => isChosen)
}

/** The log that the keys are about, as it is shown. */
function chosenLog(glance: Glance): OneLog | undefined {
  const { width, height } = roomOf(glance)
  const parts = partsOf(glance, height)
  const part = parts.find(({ isChosen }) => isChosen)
  if (part?.attempt === undefined) return undefined
  const room = { width, height: parts.length === 1 ? part.height : part.height - 1 }
  const task = glance.run?.state.tasks.get(part.task)
  const asked = task === undefined ? 0 : askedLines(task, room).length
  return oneLog(glance, part.task, part.attempt, true, { width, height: room.height - asked })
}
