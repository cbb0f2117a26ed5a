import { oneLine } from '../../core/sanitize.ts'
import { answerOf, lastAttempt, type HeldState, type Task } from '../../core/task-state.ts'
import { formatBytes } from '../../core/units.ts'
import type { Line } from '../../core/views/line.ts'
import type { Glance } from '../glance.ts'
import { marginLines } from '../lines/paragraph.ts'
import { promptLines } from '../lines/prompt-lines.ts'
import { questionLines } from '../lines/question-lines.ts'
import { filePreview } from './file-preview.ts'
import { keyOf } from './page.ts'

/** What a person has to see before they decide: what is to run, what it made, what it asks. */
export function shownAtGate(glance: Glance, task: Task, held: HeldState, width: number): readonly Line[] {
  switch (held.gate) {
    case 'approval':
    case 'budget':
    case 'quota':
    case 'paused':
      return promptLines(task.spec, width)
    case 'question':
      return questionLines(held.question, width)
    case 'review':
      return reviewed(glance, task, width)
  }
}

/** Files that are named. */
const MOST_FILES = 12

function reviewed(glance: Glance, task: Task, width: number): Line[] {
  const answer = answerOf(task)
  const files = [...(answer?.output === undefined ? [] : [answer.output]), ...(answer?.files ?? [])]
  const names = files.slice(0, MOST_FILES).map(({ path, size }) => `${nameIn(path, task.spec.id)} (${formatBytes(size)})`)
  const more = files.length > MOST_FILES ? ` and ${files.length - MOST_FILES} more` : ''
  const [first] = files
  return [
    ...marginLines(files.length === 0 ? 'it made no files' : `it made ${names.join(', ')}${more}`, width),
    ...checksLines(task, width),
    ...task.comments.flatMap(({ text, by }) => marginLines(`sent back before by ${oneLine(by, 60)}: ${oneLine(text, 500)}`, width, 'dim')),
    ...marginLines(`${keyOf(glance, 'open')} shows all of it: its files, its checks, what it was asked for`, width, 'dim'),
    ...(first === undefined ? [] : [[], ...filePreview(glance, first, width)]),
  ]
}

function checksLines(task: Task, width: number): Line[] {
  const rows = lastAttempt(task)?.rows ?? []
  if (rows.length === 0) return marginLines('it has no checks', width, 'dim')
  const passed = rows.filter((row) => row.passed).length
  return marginLines(`${passed} of ${rows.length} checks passed: ${oneLine(rows.map(({ rule }) => rule).join(', '), 300)}`, width, passed === rows.length ? 'good' : 'warn')
}

/** Below the task's own folder. */
export function nameIn(path: string, task: string): string {
  const own = `outputs/${task}/`
  return oneLine(path.startsWith(own) ? path.slice(own.length) : path, 300)
}
