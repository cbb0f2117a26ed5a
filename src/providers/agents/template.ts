/** What an argument of a configured agent may hold a place for, as `{model}`. */
export const PLACEHOLDERS = ['prompt', 'prompt_file', 'model', 'cwd', 'session', 'tools', 'max_turns', 'max_cost_usd'] as const
type Placeholder = (typeof PLACEHOLDERS)[number]

/** What stands in its place; undefined: there is no such thing for this attempt. */
export type Values = Readonly<Record<Placeholder, string | undefined>>

/** A single argument, or some that belong together. */
export type Argument = string | readonly string[]

const HELD = /\{([a-z_]+)\}/g

/** The names for which an argument holds a place. */
export function placesIn(argument: Argument): string[] {
  return [argument].flat().flatMap((part) => [...part.matchAll(HELD)].map(([, name = '']) => name))
}

/** What of a template is used: an argument that holds a place for what is not there is left out, with those it belongs to. */
export function usable(template: readonly Argument[], values: Values): Argument[] {
  const named: Readonly<Record<string, string | undefined>> = values
  return template.filter((argument) => placesIn(argument).every((name) => named[name] !== undefined))
}

/** The arguments, with values in the places. */
export function fillIn(template: readonly Argument[], values: Values): string[] {
  const named: Readonly<Record<string, string | undefined>> = values
  return template.flat().map((part) => part.replaceAll(HELD, (_, name: string) => named[name] ?? ''))
}
