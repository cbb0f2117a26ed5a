import type { Glance } from '../glance.ts'
import type { Block } from '../lines/block.ts'
import { marginLines } from '../lines/paragraph.ts'
import { TASK_TABS, type Page, type TaskTab } from '../ui.ts'
import { keyOf, nextOf, roomOf, titleWithWayBack, type PageModule } from './page.ts'
import { tabsLine } from './tabs.ts'
import { attemptsTab } from './task/attempts.ts'
import { checksTab } from './task/checks.ts'
import { eventsTab } from './task/events.ts'
import { filesTab } from './task/files.ts'
import { overviewTab } from './task/overview.ts'
import { promptTab } from './task/prompt.ts'
import type { Tab, TabProps } from './task/tab.ts'

type Own = Extract<Page, { page: 'task' }>

const TABS: Record<TaskTab, Tab> = { overview: overviewTab, prompt: promptTab, attempts: attemptsTab, checks: checksTab, files: filesTab, events: eventsTab }

/** Stands for the last row, whatever there is: events are read from their end. */
const END = Number.MAX_SAFE_INTEGER

export const taskPage: PageModule<Own> = {
  title: (glance, { task }) => titleWithWayBack(glance, `task ${task}`),
  blocks: taskBlocks,
  rows: (glance, page) => {
    const props = propsOf(glance, page)
    return props === undefined ? 0 : TABS[page.tab].rows(props)
  },
  turn: (page, by) => {
    const tab = nextOf(TASK_TABS, page.tab, by)
    return { ...page, tab, at: tab === 'events' ? END : 0 }
  },
  open: (glance, page) => {
    const props = propsOf(glance, page)
    return props === undefined ? undefined : TABS[page.tab].open?.(props)
  },
  copy: (glance, page) => {
    const props = propsOf(glance, page)
    return props === undefined ? undefined : TABS[page.tab].copy?.(props)
  },
  task: (_, { task }) => task,
}

/** Nothing where the run has no such task: a moment of a replay before it was added. */
function propsOf(glance: Glance, { task: id, at }: Own): TabProps | undefined {
  const state = glance.run?.state
  const task = state?.tasks.get(id)
  const { width, height } = roomOf(glance)
  return state === undefined || task === undefined ? undefined : { glance, state, task, at, room: { width, height: Math.max(0, height - 2) } }
}

function taskBlocks(glance: Glance, page: Own): Block[] {
  const { width } = roomOf(glance)
  const props = propsOf(glance, page)
  if (props === undefined) return [{ lines: marginLines(`There is no task "${page.task}" in the run at this moment.`, width, 'dim') }]
  return [{ lines: [tabsLine(TASK_TABS, page.tab, keyOf(glance, 'next-pane'), width), []] }, ...TABS[page.tab].blocks(props)]
}
