import type { ShownRun } from '../../src/app/screen.ts'
import type { Question } from '../../src/core/question.ts'
import { ASKED } from '../../test/story/notes-api.ts'
import type { ThemeName } from '../../src/tui/theme.ts'

/** A screen of the gallery: the story at a moment, and the keys that lead there. */
export type Scene = {
  name: string
  /** What it shows, in words. */
  label: string
  columns: number
  rows: number
  /** Seconds since the run was opened; its end where absent. */
  at?: number
  is?: ShownRun['is']
  /** What a task asks at that moment. */
  asks?: { task: string; question: Question }
  keys: readonly string[]
  theme?: ThemeName
  unicode?: boolean
  colors?: boolean
}

const typed = (text: string) => Array.from(text, (letter) => (letter === ' ' ? 'space' : letter))
const go = (task: string) => [...typed(`:go ${task}`), 'enter']

const WIDE = { columns: 120, rows: 34 }
const SMALL = { columns: 80, rows: 24 }

const QUESTION = { task: 'builder', question: ASKED.question }
const PERMISSION = { task: 'builder', question: ASKED.permission }

export const SCENES: readonly Scene[] = [
  { name: 'main', label: 'The main page: the graph, the queue, the log of a task, the budget', ...WIDE, at: 234, keys: go('builder') },
  { name: 'main-80x24', label: 'The main page on a small terminal', ...SMALL, at: 234, keys: [] },
  { name: 'main-200x60', label: 'The main page on a large terminal', columns: 200, rows: 60, at: 350, keys: go('endpoints') },
  { name: 'main-40x12', label: 'What fits on a very small terminal', columns: 40, rows: 12, at: 234, keys: [] },
  { name: 'task', label: 'The page of a task', ...WIDE, at: 350, keys: [...go('builder'), 'enter'] },
  { name: 'task-attempts', label: 'The attempts of a task, with route, cost and failure', ...WIDE, at: 350, keys: [...go('builder'), 'enter', 'tab', 'tab'] },
  { name: 'inbox', label: 'Everything that waits for a person', ...WIDE, at: 234, asks: QUESTION, keys: ['i'] },
  { name: 'inbox-question', label: 'A question of an agent, on a small terminal, as it is answered', ...SMALL, at: 234, asks: QUESTION, keys: ['i', 'down', 'm'] },
  { name: 'inbox-review', label: 'What a task has made, to be accepted or sent back', ...WIDE, at: 258, asks: PERMISSION, keys: ['i', 'up'] },
  { name: 'inbox-permission', label: 'An agent that wants to use a tool', ...SMALL, at: 258, asks: PERMISSION, keys: ['i'] },
  { name: 'asks', label: 'A task that asks, on the main page', columns: 200, rows: 60, at: 234, asks: QUESTION, keys: [...go('builder'), 'm'] },
  { name: 'cost', label: 'What the run has cost', ...WIDE, keys: ['$'] },
  { name: 'help', label: 'Every key', columns: 120, rows: 49, at: 234, keys: ['?'] },
  { name: 'log', label: 'The logs of all that runs, in one, with the time of each line', ...WIDE, at: 318, keys: ['tab', 'A', 't', '+'] },
  { name: 'lanes', label: 'The graph as lanes, for narrow terminals', columns: 80, rows: 34, at: 350, keys: ['shift+tab', '+', 'v', 'v', 'v'] },
  { name: 'confirm', label: 'A question before something is destroyed', ...SMALL, at: 234, keys: [...go('builder'), 'c'] },
  { name: 'quit', label: 'What becomes of the work when one leaves', ...SMALL, at: 234, keys: ['q'] },
  { name: 'replay', label: 'A recorded run, played', ...WIDE, at: 420, is: 'replayed', keys: go('endpoints') },
  { name: 'end', label: 'The end of a run, opened again', ...WIDE, is: 'recorded', keys: [] },
  { name: 'high-contrast', label: 'The high-contrast theme', ...WIDE, at: 234, keys: go('builder'), theme: 'high-contrast' },
  { name: 'ascii', label: 'A terminal without Unicode and without colours', ...SMALL, at: 234, keys: [], unicode: false, colors: false },
]
