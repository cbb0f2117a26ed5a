import { oneLine } from '../../core/sanitize.ts'

const MAX_SHOWN = 160

/** What of a tool's input says most: the first that is there. */
const TELLING = ['command', 'file_path', 'path', 'pattern', 'url', 'query', 'description']

/** A tool and what it is used for, in a line of bounded length. */
export function describeUse(tool: string, input: Readonly<Record<string, unknown>> = {}): string {
  const telling = TELLING.map((key) => input[key]).find((value) => typeof value === 'string')
  return oneLine(`${tool}: ${telling ?? JSON.stringify(input)}`, MAX_SHOWN)
}

/** How the use of a tool is shown while an agent works. */
export function shownUse(description: string): string {
  return `● ${oneLine(description, MAX_SHOWN)}`
}

/** How it is shown that a tool did not work. */
export function shownFailure(said: string): string {
  return `✖ ${oneLine(said, MAX_SHOWN)}`
}
