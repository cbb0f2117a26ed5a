import type { PageName, PaneName } from './ui.ts'

/** Where a key means something: everywhere, in a pane, on a page, or while a run is replayed. */
export type Place = 'everywhere' | PaneName | PageName | 'replay'

/** A row of the keymap: a key is a command, and the reverse. The help page is drawn from these. */
type CommandRow = {
  command: string
  keys: readonly string[]
  /** What it does, as the help page says it. */
  help: string
  group: 'move' | 'tasks' | 'look' | 'log' | 'pages' | 'replay' | 'screen'
  where?: readonly Place[]
  /** As the bottom line says it, for keys that belong there. */
  short?: string
  /** What may stand behind it on the command line. */
  takes?: 'task' | 'task and words' | 'text' | 'pane' | 'sort' | 'run'
}

/*
 * What answers a gate has the same key at every gate and in every place: `a` for yes, `d` for no (deny, decline), `b` for
 * back, `m` for "my own words". The `n` of an answer is taken: it goes to the next match, and says no to a question.
 */

export const COMMANDS = [
  { command: 'approve', keys: ['a'], group: 'tasks', short: 'approve', help: 'yes: run, accept, allow, take the default', takes: 'task' },
  { command: 'answer', keys: ['m'], group: 'tasks', short: 'answer', help: 'answer what a task asks', takes: 'task and words' },
  { command: 'send-back', keys: ['b'], group: 'tasks', short: 'send back', help: 'send back what it made, with a comment', takes: 'task and words' },
  { command: 'reject', keys: ['d'], group: 'tasks', short: 'reject', help: 'no: reject, deny, leave it unanswered', takes: 'task and words' },
  { command: 'skip', keys: ['s'], group: 'tasks', short: 'skip', help: 'do without a task; what needs it goes on', takes: 'task' },
  { command: 'skip-below', keys: ['S'], group: 'tasks', help: 'do without it, and all that depends on it', takes: 'task' },
  { command: 'pause', keys: ['p'], group: 'tasks', short: 'pause', help: 'start nothing more, or go on' },
  { command: 'pause-task', keys: ['P'], group: 'tasks', help: 'keep one task from starting, or let it', takes: 'task' },
  { command: 'retry', keys: ['r'], group: 'tasks', short: 'retry', help: 'do a task again, or at once if it waits', takes: 'task' },
  { command: 'retry-below', keys: ['R'], group: 'tasks', help: 'do it again, and all that depends on it', takes: 'task' },
  { command: 'cancel', keys: ['c'], group: 'tasks', short: 'cancel', help: 'end a task; what needs it is blocked', takes: 'task' },
  { command: 'retry-providers', keys: [], group: 'tasks', help: 'ask providers at once that wait' },
  { command: 'edit', keys: ['e'], group: 'tasks', help: 'open the task file in $EDITOR', takes: 'task' },
  { command: 'copy', keys: ['y'], group: 'tasks', help: 'copy what is selected' },
  { command: 'mark', keys: ['space'], group: 'tasks', where: ['queue'], help: 'mark a task, to do the same to several' },
  { command: 'mark-all', keys: ['*'], group: 'tasks', where: ['queue'], help: 'mark all that the queue shows, or none' },

  { command: 'up', keys: ['up', 'k'], group: 'move', help: 'up' },
  { command: 'down', keys: ['down', 'j'], group: 'move', help: 'down' },
  { command: 'left', keys: ['left', 'h'], group: 'move', help: 'left' },
  { command: 'right', keys: ['right', 'l'], group: 'move', help: 'right' },
  { command: 'page-up', keys: ['pageup', 'ctrl+b'], group: 'move', help: 'a page up' },
  { command: 'page-down', keys: ['pagedown', 'ctrl+f'], group: 'move', help: 'a page down' },
  { command: 'top', keys: ['home', 'g'], group: 'move', help: 'to the beginning' },
  { command: 'bottom', keys: ['end', 'G'], group: 'move', help: 'to the end' },
  { command: 'pan-left', keys: ['shift+left'], group: 'move', where: ['graph'], help: 'look further left in the graph' },
  { command: 'pan-right', keys: ['shift+right'], group: 'move', where: ['graph'], help: 'look further right in the graph' },
  { command: 'pan-up', keys: ['shift+up'], group: 'move', where: ['graph'], help: 'look further up in the graph' },
  { command: 'pan-down', keys: ['shift+down'], group: 'move', where: ['graph'], help: 'look further down in the graph' },
  { command: 'next-pane', keys: ['tab'], group: 'move', short: 'pane', help: 'to the next pane, or part of a page' },
  { command: 'previous-pane', keys: ['shift+tab'], group: 'move', help: 'to the pane before' },
  { command: 'open', keys: ['enter'], group: 'move', short: 'open', help: 'open what is selected' },
  { command: 'back', keys: ['esc'], group: 'move', short: 'back', help: 'back; drop a filter, a search, marks' },
  { command: 'go', keys: [], group: 'move', help: 'select a task by its id', takes: 'task' },

  { command: 'filter', keys: ['/'], group: 'look', where: ['queue', 'graph'], short: 'filter', help: 'show only some tasks: text, /regex/, status:failed, type:fix', takes: 'text' },
  { command: 'sort', keys: ['o'], group: 'look', where: ['queue'], short: 'sort', help: 'sort by need, name, time, cost, tier', takes: 'sort' },
  { command: 'reverse', keys: ['O'], group: 'look', where: ['queue'], help: 'turn the order round' },
  { command: 'shape', keys: ['v'], group: 'look', where: ['graph', 'queue'], short: 'shape', help: 'graph: as fits, whole, around, as lanes' },
  { command: 'follow', keys: ['f'], group: 'look', help: 'follow what runs, or the end of the log' },
  { command: 'zoom', keys: ['+', 'z'], group: 'look', short: 'zoom', help: 'give the whole page to one pane, or back' },
  { command: 'wider', keys: ['>'], group: 'look', help: 'move the split to the right' },
  { command: 'narrower', keys: ['<'], group: 'look', help: 'move the split to the left' },
  { command: 'toggle', keys: [], group: 'look', help: 'show a pane, or hide it', takes: 'pane' },
  { command: 'toggle-graph', keys: ['1'], group: 'look', help: 'show the graph, or hide it' },
  { command: 'toggle-queue', keys: ['2'], group: 'look', help: 'show the queue, or hide it' },
  { command: 'toggle-log', keys: ['3'], group: 'look', help: 'show the log, or hide it' },

  { command: 'search', keys: ['/'], group: 'log', where: ['log'], short: 'search', help: 'search in the log', takes: 'text' },
  { command: 'next-match', keys: ['n'], group: 'log', help: 'to the next line that was searched for' },
  { command: 'previous-match', keys: ['N'], group: 'log', help: 'to the one before' },
  { command: 'wrap', keys: ['w'], group: 'log', help: 'wrap long lines, or cut them' },
  { command: 'times', keys: ['t'], group: 'log', help: 'show when each line came' },
  { command: 'earlier-attempt', keys: ['['], group: 'log', help: 'the log of the attempt before' },
  { command: 'later-attempt', keys: [']'], group: 'log', help: 'the log of the attempt after' },
  { command: 'pin', keys: ['x'], group: 'log', help: "keep the task's log shown, or let it go" },
  { command: 'combined', keys: ['A'], group: 'log', short: 'all logs', help: 'the logs of all that runs, in one' },

  { command: 'inbox', keys: ['i'], group: 'pages', short: 'inbox', help: 'what waits for you' },
  { command: 'cost', keys: ['$'], group: 'pages', help: 'what it cost' },
  { command: 'runs', keys: ['H'], group: 'pages', short: 'runs', help: 'earlier runs' },
  { command: 'open-run', keys: [], group: 'pages', help: 'look at an earlier run', takes: 'run' },
  { command: 'help', keys: ['?'], group: 'pages', short: 'help', help: 'this page' },

  { command: 'play', keys: ['space'], group: 'replay', where: ['replay'], short: 'play/stop', help: 'play the run, or stop' },
  { command: 'play-faster', keys: ['.'], group: 'replay', where: ['replay'], help: 'faster' },
  { command: 'play-slower', keys: [','], group: 'replay', where: ['replay'], help: 'slower' },
  { command: 'play-back', keys: ['{'], group: 'replay', where: ['replay'], short: 'back', help: 'to the step before' },
  { command: 'play-forth', keys: ['}'], group: 'replay', where: ['replay'], short: 'forth', help: 'to the next step' },
  { command: 'play-start', keys: ['('], group: 'replay', where: ['replay'], help: 'to the beginning of the run' },
  { command: 'play-end', keys: [')'], group: 'replay', where: ['replay'], help: 'to the end of the run' },
  { command: 'leave-run', keys: [], group: 'replay', help: 'back to the run that is conducted' },

  { command: 'command', keys: [':'], group: 'screen', short: 'command', help: 'type a command: all that stands here' },
  { command: 'redraw', keys: ['ctrl+l'], group: 'screen', help: 'draw everything anew' },
  { command: 'suspend', keys: ['ctrl+z'], group: 'screen', help: 'put Tutti into the background; fg brings it back' },
  { command: 'quit', keys: ['q', 'ctrl+c'], group: 'screen', short: 'quit', help: 'leave; the work goes on, or is stopped' },
] as const satisfies readonly CommandRow[]

export type CommandName = (typeof COMMANDS)[number]['command']
export type Command = CommandRow & { command: CommandName }
/** A command that moves in what has the keys. */
export type Movement = Extract<CommandName, 'up' | 'down' | 'left' | 'right' | 'page-up' | 'page-down' | 'top' | 'bottom'>
/** A command that was given, by a key or on the command line. */
export type Action = { do: CommandName; arg?: string; /** What is said with it. */ words?: string }
