import { nearest } from '../text/nearest.ts'
import { COMMANDS, type Command, type CommandName } from './commands.ts'
import { isKeyName } from './terminal/key-names.ts'

type Keys = readonly string[]

/** The keys that a configuration chooses, and what is wrong with it: a command that is not there is left out, and so is a key. */
export function chosenKeys(configured: Readonly<Record<string, Keys>>): { keys: Partial<Record<CommandName, Keys>>; warnings: string[] } {
  const keys: Partial<Record<CommandName, Keys>> = {}
  const warnings: string[] = []
  for (const [name, own] of Object.entries(configured)) {
    const row = COMMANDS.find(({ command }) => command === name)
    if (row === undefined) {
      warnings.push(`config.json: screen.keys.${name}: there is no such command${meantBy(name)}`)
      continue
    }
    const known = own.filter(isKeyName)
    warnings.push(...own.filter((key) => !isKeyName(key)).map((key) => `config.json: screen.keys.${name}: no terminal sends a key "${key}"${writtenAs(key)}`))
    // A command keeps its keys where none of those that were meant for it can be pressed.
    if (known.length > 0 || own.length === 0) keys[row.command] = known
  }
  return { keys, warnings: [...warnings, ...takenTwice(keys)] }
}

function writtenAs(key: string): string {
  const small = key.toLowerCase()
  return isKeyName(small) ? `; did you mean "${small}"?` : ''
}

function meantBy(name: string): string {
  const near = nearest(name, COMMANDS.map(({ command }) => command))
  return near === undefined ? '' : `; did you mean "${near}"?`
}

/** A key that two commands ask for in the same place is the later one's; the earlier is not reached by it. */
function takenTwice(keys: Partial<Record<CommandName, Keys>>): string[] {
  const rows: readonly Command[] = COMMANDS
  const taken = new Map<string, CommandName>()
  return rows.flatMap(({ command, where = ['everywhere'] }) =>
    (keys[command] ?? []).flatMap((key) => {
      const places = where.map((place) => `${place} ${key}`)
      const other = places.map((place) => taken.get(place)).find((each) => each !== undefined)
      for (const place of places) taken.set(place, command)
      return other === undefined ? [] : [`config.json: screen.keys: "${key}" is asked for by ${other} and by ${command}; give it to one of them`]
    }),
  )
}
