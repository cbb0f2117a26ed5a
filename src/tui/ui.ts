import type { CostGroup } from '../core/views/cost.ts'
import { QUEUE_SORTS, type QueueSort } from '../core/views/queue-order.ts'
import type { Answering } from '../core/answering.ts'
import type { Ask } from '../core/question.ts'
import type { Author } from '../core/wish.ts'
import type { Effect } from './effects.ts'

/*
 * What a person has chosen to look at: focus, scroll, filter, marks. Everything else is a view of the run, or follows
 * from what was shown last: where a list stands in its pane, and what is selected as long as nobody has chosen.
 */

export const PANES = ['graph', 'queue', 'log'] as const
export type PaneName = (typeof PANES)[number]

export const TASK_TABS = ['overview', 'prompt', 'attempts', 'checks', 'files', 'events'] as const
export type TaskTab = (typeof TASK_TABS)[number]

/** A page over the main one. `at`: the row that is chosen, or the first that is shown. */
export type Page =
  | { page: 'task'; task: string; tab: TaskTab; at: number }
  | { page: 'inbox'; at: number }
  | { page: 'cost'; by: CostGroup; at: number }
  | { page: 'runs'; at: number }
  | { page: 'help'; at: number }

export type PageName = Page['page']

export const SORTS = QUEUE_SORTS
export type Sort = QueueSort

export type QueueUi = {
  /** As it was typed; see `core/views/filter.ts`. */
  filter: string
  sort: Sort
  reversed: boolean
}

export type GraphUi = {
  /** `follow`: the window goes with the running front. */
  at: 'follow' | { x: number; y: number }
  /** `auto`: what fits; `around`: the neighbourhood of the selected task. */
  shape: 'auto' | 'whole' | 'around' | 'lanes'
}

/** A place in a log, which stays where it is while the log grows. */
export type LogPlace = {
  /** Which log it is in (see `logName`): in any other it means nothing. */
  log: string
  /** The byte where the first line begins that is shown; of the combined log the moment that is shown, in ms since 1970. */
  line: number
  /** How many rows of that line lie above the window; of the combined log how many lines of that moment below it. */
  row: number
}

/** The line nearest to a byte that was searched for. */
export type LogHit = { log: string; seek: 'next' | 'previous'; from: number }

export type LogUi = {
  /** `end`: follows what is said. */
  at: 'end' | LogPlace | LogHit
  wrap: boolean
  times: boolean
  search: string
  /** An earlier attempt of a task; of any other task the newest is shown. */
  attempt: { task: string; attempt: number } | undefined
  /** Tasks whose logs stay on the screen. */
  pinned: readonly string[]
  /** All that runs, line by line. */
  combined: boolean
}

/** An answer to a gate. It names the one that was looked at. */
export type GateWish = Answering & Author

/** A line that takes the keys until it is answered. */
export type Prompt = TypedPrompt | ChoosePrompt

/** A line that is typed. */
export type TypedPrompt =
  | { ask: 'filter' | 'command' | 'search'; text: string; /** What the text was before. */ before: string }
  /** Answers what a task asks, one ask after the other. `said`: what was said to those before. */
  | { ask: 'answer'; text: string; to: GateWish; asks: readonly Ask[]; said: readonly string[]; done: string }
  /** What is said with an answer to gates; `done`: said when it was taken. `must`: without it that is none; `isMissing`: it was left out, and is asked for again. */
  | { ask: 'comment'; text: string; to: readonly GateWish[]; must: boolean; isMissing: boolean; done: string }

/** A question that is answered by one key; any other than those leaves all as it is. `about`: the answers to gates that it asks for. */
export type ChoosePrompt = { ask: 'choose'; question: string; choices: readonly Choice[]; no: Pick<Choice, 'key' | 'says' | 'brief'>; about: readonly GateWish[] }

/** One answer to it. `also`: keys that mean the same; `brief`: what it says where columns run out. */
export type Choice = { key: string; also?: readonly string[]; says: string; brief: string; does: readonly Effect[] | Prompt }

export type Notice = { text: string; kind: 'note' | 'warning' | 'error' }

export type Ui = {
  /** The page on top comes last; none: the main page. */
  pages: readonly Page[]
  focus: PaneName
  hidden: ReadonlySet<PaneName>
  /** The focused pane has the whole body. */
  zoomed: boolean
  /** Percent of the columns, and of the rows, that the first of two panes beside or above each other gets. */
  split: number
  selected: string | undefined
  marks: ReadonlySet<string>
  queue: QueueUi
  graph: GraphUi
  log: LogUi
  prompt: Prompt | undefined
  notice: Notice | undefined
}

export const FIRST_UI: Ui = {
  pages: [],
  focus: 'queue',
  hidden: new Set(),
  zoomed: false,
  split: 55,
  selected: undefined,
  marks: new Set(),
  queue: { filter: '', sort: 'need', reversed: false },
  graph: { at: 'follow', shape: 'auto' },
  log: { at: 'end', wrap: true, times: false, search: '', attempt: undefined, pinned: [], combined: false },
  prompt: undefined,
  notice: undefined,
}

/** The pages with another one on top instead of the one that is. */
export function instead({ pages }: Ui, page: Page): readonly Page[] {
  return [...pages.slice(0, -1), page]
}

/** The page on top, if it is not the main one. */
export function topPage({ pages }: Ui): Page | undefined {
  return pages.at(-1)
}
