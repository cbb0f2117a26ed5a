import { COMMANDS, type Command, type CommandName, type Place } from './commands.ts'

/** Which command a key gives, at a place. */
export type Keymap = {
  /** @param places where the keys go, the nearest first; `everywhere` is meant last */
  commandFor: (key: string, places: readonly Place[]) => CommandName | undefined
  keysOf: (command: CommandName) => readonly string[]
}

/** Keys of the configuration (`screen.keys`) take the place of a command's own; a key that they take is taken from whoever had it there. */
export function keymapOf(chosen: Partial<Readonly<Record<CommandName, readonly string[]>>> = {}): Keymap {
  const keys = new Map<CommandName, readonly string[]>()
  const byPlace = new Map<string, CommandName>()
  const bind = ({ command, where = ['everywhere'] }: Pick<Command, 'command' | 'where'>, own: readonly string[]) => {
    keys.set(command, own)
    for (const place of where) for (const key of own) byPlace.set(`${place} ${key}`, command)
  }
  const rows: readonly Command[] = COMMANDS
  for (const row of rows) bind(row, chosen[row.command] === undefined ? row.keys : [])
  for (const row of rows) {
    const own = chosen[row.command]
    if (own !== undefined) bind(row, own)
  }
  // Nobody is locked in: while keys are read one by one, no other key makes a signal.
  if (![...byPlace.values()].includes('quit')) bind({ command: 'quit' }, ['ctrl+c'])
  // What a chosen key was taken from no longer has it.
  for (const row of rows) {
    const left = (keys.get(row.command) ?? []).filter((key) => (row.where ?? ['everywhere']).some((place) => byPlace.get(`${place} ${key}`) === row.command))
    keys.set(row.command, left)
  }
  return {
    commandFor: (key, places) => {
      for (const place of [...places, 'everywhere']) {
        const command = byPlace.get(`${place} ${key}`)
        if (command !== undefined) return command
      }
      return undefined
    },
    keysOf: (command) => keys.get(command) ?? [],
  }
}

/** Keys as a person reads them. */
const NAMES: Readonly<Record<string, string>> = { up: '↑', down: '↓', left: '←', right: '→', enter: 'Enter', esc: 'Esc', tab: 'Tab', 'shift+tab': 'Shift+Tab', space: 'Space', 'shift+left': 'Shift+←', 'shift+right': 'Shift+→', 'shift+up': 'Shift+↑', 'shift+down': 'Shift+↓', pageup: 'PgUp', pagedown: 'PgDn', home: 'Home', end: 'End' }

export function keyName(key: string): string {
  return NAMES[key] ?? key.replace(/^ctrl\+(.)$/, (_, letter: string) => `Ctrl+${letter.toUpperCase()}`)
}
