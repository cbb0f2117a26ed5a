import { sanitize } from '../../core/sanitize.ts'
import type { TaskSpec } from '../../core/task.ts'
import type { Line } from '../../core/views/line.ts'
import { marginLines } from './paragraph.ts'

/** A prompt may be long, and stays as it is. */
const made = new WeakMap<TaskSpec, { width: number; lines: readonly Line[] }>()

/** What a task asks for, in its author's words. */
export function promptLines(spec: TaskSpec, width: number): readonly Line[] {
  const known = made.get(spec)
  if (known?.width === width) return known.lines
  const lines = partsOf(spec).flatMap(({ title, text }, index): Line[] => [
    ...(index === 0 ? [] : [[]]),
    [{ text: ` ${title}`, style: 'dim' }],
    ...marginLines(sanitize(text, { color: false }), width),
  ])
  made.set(spec, { width, lines })
  return lines
}

function partsOf({ work, context }: TaskSpec): { title: string; text: string }[] {
  const background = context === undefined ? [] : [{ title: 'background', text: context }]
  if (work.kind === 'command') {
    const { command } = work
    return typeof command === 'string' ? [{ title: 'command, run by the shell', text: command }, ...background] : [{ title: 'command, run as it is', text: command.join('\n') }, ...background]
  }
  const system = work.system === undefined ? [] : [{ title: 'system prompt', text: work.system }]
  return [...system, { title: 'prompt', text: work.prompt }, ...background]
}
