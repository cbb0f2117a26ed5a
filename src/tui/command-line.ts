import { nearest } from '../text/nearest.ts'
import { COMMANDS, type Action, type Command } from './commands.ts'
import type { Glance } from './glance.ts'
import { PANES, SORTS } from './ui.ts'

const ROWS: readonly Command[] = COMMANDS

/** A line that was typed behind `:`, as an action; undefined for an empty one. */
export function parseCommand(line: string): Action | { problem: string } | undefined {
  const [, name = '', rest = ''] = /^\s*:?(\S*)\s*(.*?)\s*$/.exec(line) ?? []
  if (name === '') return undefined
  const row = ROWS.find(({ command }) => command === name)
  if (row === undefined) return { problem: unknown(name) }
  if (rest !== '' && row.takes === undefined) return { problem: `"${name}" takes nothing behind it` }
  if (rest === '') return { do: row.command }
  if (row.takes !== 'task and words') return { do: row.command, arg: rest }
  const [, arg = '', words = ''] = /^(\S+)\s*(.*)$/.exec(rest) ?? []
  return { do: row.command, arg, ...(words === '' ? {} : { words }) }
}

function unknown(name: string): string {
  const near = nearest(name, ROWS.map(({ command }) => command))
  return `there is no command "${name}"; ${near === undefined ? '? shows all of them' : `did you mean "${near}"?`}`
}

/** What a line could go on with: whole lines, best first. */
export function completionsOf(glance: Glance, line: string): string[] {
  const [, name = '', gap = '', rest = ''] = /^(\S*)(\s*)(.*)$/.exec(line) ?? []
  if (gap === '') return ROWS.filter(({ command }) => command.startsWith(name)).map(({ command, takes }) => (takes === undefined ? command : `${command} `))
  const row = ROWS.find(({ command }) => command === name)
  return row === undefined ? [] : argumentsOf(glance, row).filter((word) => word.startsWith(rest)).map((word) => `${name} ${word}`)
}

/** A line, completed as far as all that it could mean agrees. */
export function completeCommand(glance: Glance, line: string): string {
  const [first, ...others] = completionsOf(glance, line)
  if (first === undefined) return line
  let length = first.length
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--
  return first.slice(0, Math.max(length, line.length))
}

function argumentsOf({ run, models }: Glance, { takes }: Command): readonly string[] {
  if (takes === undefined) return []
  switch (takes) {
    case 'task':
    case 'task and words':
      return run === undefined ? [] : [...run.state.tasks.keys()]
    case 'pane':
      return PANES
    case 'sort':
      return SORTS
    case 'run':
      return models.lookups.runIds()
    case 'text':
      return []
  }
}
