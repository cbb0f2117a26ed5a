import { oneLine } from '../../core/sanitize.ts'

const MAX_SHOWN = 160

/** What an agent named, in a line of bounded length that stands within words of ours: a carriage return would take those away. */
export function brief(named: string): string {
  return oneLine(named, MAX_SHOWN)
}

/** What of a tool's input says most: the first that is there. */
const TELLING = ['command', 'file_path', 'path', 'pattern', 'url', 'query', 'description']

/** A tool and what it is used for, in a line of bounded length. */
export function describeUse(tool: string, input: Readonly<Record<string, unknown>> = {}): string {
  const telling = TELLING.map((key) => input[key]).find((value) => typeof value === 'string')
  return brief(`${brief(tool)}: ${brief(telling ?? JSON.stringify(input))}`)
}

/** How the use of a tool is shown while an agent works. */
export function shownUse(description: string): string {
  return `● ${brief(description)}`
}

/** How it is shown that a tool did not work. */
export function shownFailure(said: string): string {
  return `✖ ${brief(said)}`
}
