import type { RunState } from '../core/state.ts'
import type { Task } from '../core/task-state.ts'
import { oneLine } from '../core/sanitize.ts'
import { questionText } from '../core/views/gate-words.ts'

/** Characters of what a task is to do, in the middle of a line. */
const LONGEST_WORK = 200

/** What a task is, in a line: its title, and how what it is to do begins. */
export function workText({ spec: { id, title, work } }: Task): string {
  const name = title === id ? '' : `${title}: `
  return oneLine(`${name}${work.kind === 'prompt' ? firstLine(work.prompt) : commandText(work.command)}`, LONGEST_WORK)
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? ''
}

function commandText(command: string | readonly string[]): string {
  return typeof command === 'string' ? `$ ${firstLine(command)}` : `$ ${command.join(' ')}`
}

/** Which gate an answer is for: the one that whoever answers means, or the one that the task is at now. */
export function gateMeant({ tasks }: RunState, id: string, named: { gate?: string | undefined; shown?: string | undefined }): { gate?: string; shown?: string } {
  if (named.gate !== undefined || named.shown !== undefined) return { ...(named.gate === undefined ? {} : { gate: named.gate }), ...(named.shown === undefined ? {} : { shown: named.shown }) }
  const now = tasks.get(id)?.state
  return now?.status === 'held' && now.gate !== 'paused' ? { gate: now.id, shown: now.shown } : {}
}

/** What an answer was given to, as a line beside what came of it. */
export function answeredText({ tasks }: RunState, id: string): string | undefined {
  const task = tasks.get(id)
  if (task?.state.status !== 'held') return undefined
  const now = task.state
  const what = now.gate === 'question' ? questionText(now.question) : workText(task)
  return `${id} — ${what}`
}
