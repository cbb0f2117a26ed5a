import type { Glance } from '../glance.ts'
import type { Block } from '../lines/block.ts'
import type { Page } from '../ui.ts'
import type { Step } from '../update/step.ts'
import { costPage } from './cost.ts'
import { helpPage } from './help.ts'
import { inboxPage } from './inbox.ts'
import type { PageModule } from './page.ts'
import { runsPage } from './runs.ts'
import { taskPage } from './task.ts'

/** A page as it stands at one moment. */
export type OpenPage = {
  title: () => string
  blocks: () => readonly Block[]
  rows: () => number
  /** With its next part, or the one before. */
  turn: (by: 1 | -1) => Page | undefined
  /** Nothing where Enter does nothing. */
  open: () => Step | undefined
  copy: () => { text: string; what: string } | undefined
  /** The task that the chosen row is about. */
  task: () => string | undefined
}

/** The page that is open, at this moment. */
export function openPageOf(glance: Glance, page: Page): OpenPage {
  switch (page.page) {
    case 'task':
      return at(taskPage, glance, page)
    case 'inbox':
      return at(inboxPage, glance, page)
    case 'cost':
      return at(costPage, glance, page)
    case 'runs':
      return at(runsPage, glance, page)
    case 'help':
      return at(helpPage, glance, page)
  }
}

function at<Of extends Page>({ title, blocks, rows, turn, open, copy, task }: PageModule<Of>, glance: Glance, page: Of): OpenPage {
  return {
    title: () => title(glance, page),
    blocks: () => blocks(glance, page),
    rows: () => rows(glance, page),
    turn: (by) => turn?.(page, by),
    open: () => open?.(glance, page),
    copy: () => copy?.(glance, page),
    task: () => task?.(glance, page),
  }
}
