import { retriesOf } from '../../../core/retry.ts'
import { moment } from '../../clock.ts'
import { oneLine, sanitize } from '../../../core/sanitize.ts'
import type { RunState } from '../../../core/state.ts'
import { costOfAttempts, type Task, isEstimate } from '../../../core/task-state.ts'
import { formatSpan, formatUsd, plural } from '../../../core/units.ts'
import { routeText } from '../../../core/views/event-line.ts'
import { dueInWords, questionText, replyText } from '../../../core/views/gate-words.ts'
import { GLYPHS } from '../../../core/views/glyphs.ts'
import type { Line } from '../../../core/views/line.ts'
import { taskEntry } from '../../../core/views/task-entry.ts'
import { waitsFor } from '../../../core/views/waits-for.ts'
import { flow } from '../../lines/flow.ts'
import { labelled } from '../../lines/label.ts'
import { paragraphLines } from '../../lines/paragraph.ts'
import { promptLines } from '../../lines/prompt-lines.ts'
import { questionLines } from '../../lines/question-lines.ts'
import { heldOf } from '../../wishes.ts'
import { nextSteps } from './next-steps.ts'
import type { TabProps } from './tab.ts'
import { textTab } from './text-tab.ts'

/** What a task is, how it stands, and what to do about it. */
export const overviewTab = textTab(overviewLines, 'what is told of the task')

const LABEL = 12
/** Tasks before and behind one that are named. */
const MOST_NAMED = 40

function overviewLines(props: TabProps): Line[] {
  const { glance, state, task, room } = props
  const { spec } = task
  const width = room.width - 1
  const steps = nextSteps(glance, state, task)
  const title = spec.title === spec.id ? [] : paragraphLines(oneLine(spec.title, 300), width, 'strong')
  const row = (name: string, text: string | undefined) => (text === undefined || text === '' ? [] : labelled(name, text, width, { label: LABEL }))
  const lines: Line[] = [
    ...title,
    ...standing(props, width),
    ...(steps === undefined ? [] : labelled('you can', oneLine(steps, 400), width, { label: LABEL, named: 'accent', style: 'accent' })),
    ...asked(task, width),
    [],
    ...named('needs', spec.depends_on, state, width),
    ...named('needed by', task.dependents, state, width),
    ...row('type', [spec.type, `${spec.priority} priority`].filter((part) => part !== undefined).join(', ')),
    ...row('route', `${oneLine(routeText(task.route, state.settings), 200)} — ${oneLine(task.route.reason, 300)}`),
    ...row('may go up to', spec.max_tier),
    ...row('checks', checksText(task)),
    ...row('approval', spec.requires_approval ? (task.approved ? 'was asked for, and given' : 'is asked for') : undefined),
    ...row('review', spec.review === true ? 'is asked for' : undefined),
    ...row('sent back', task.comments.map(({ by, text }) => `by ${oneLine(by, 60)}: ${sanitize(text, { color: false })}`).join('\n')),
    ...row('asked', task.replies.map(({ question, reply }) => `${questionText(question)} — ${replyText(reply)}`).join('\n')),
    ...row('spent', spentText(task)),
    ...row('limits', limitsText(props)),
    ...row('file', `${oneLine(state.files.get(spec.file)?.path ?? spec.file, 300)}:${spec.line}`),
    ...row('is about', oneLine(spec.target_files.join(', '), 500)),
    ...row('writes', oneLine(spec.outputs.join(', '), 500)),
    ...row('done means', spec.success_criteria.map((text) => `- ${sanitize(text, { color: false })}`).join('\n')),
  ]
  return [...lines.map((line): Line => [{ text: ' ' }, ...line]), [], ...promptLines(spec, room.width)]
}

/** What it asks, in full. */
function asked(task: Task, width: number): Line[] {
  const held = heldOf(task)
  return held?.gate === 'question' && held.reply === undefined ? [[], ...questionLines(held.question, width)] : []
}

/** Its status, since when, and why. */
function standing({ state, task, glance }: TabProps, width: number): Line[] {
  const { status } = task.state
  const { duration_s, label } = taskEntry(task, state)
  const reason = waitsFor(task, state)
  const began = task.state.status === 'running' ? task.state.since : task.state.status === 'held' ? task.state.since : undefined
  const time = duration_s === undefined ? (began === undefined ? '' : ` for ${formatSpan(Math.max(0, glance.now - Date.parse(began)) / 1000)}`) : ` after ${formatSpan(duration_s)}, at ${moment(Date.parse(task.ended_at ?? ''), glance.now)}`
  const why = reason === status ? [] : paragraphLines(sanitize(reason, { color: false }), width)
  const held = heldOf(task)
  const due = held === undefined || held.gate === 'paused' ? undefined : dueInWords(held, glance.now)
  return [
    [{ text: `${GLYPHS[status].unicode} ${status}`, style: status }, { text: time }, ...(due === undefined ? [] : [{ text: `  ${due}`, style: 'warn' as const }]), ...(label === undefined ? [] : [{ text: `  ${label}`, style: 'warn' as const }])],
    ...why,
  ]
}

/** Other tasks with their signs; those of earlier runs are complete. */
function named(name: string, ids: readonly string[], { tasks }: RunState, width: number): Line[] {
  if (ids.length === 0) return []
  const pieces = ids.slice(0, MOST_NAMED).map((id): Line => {
    const status = tasks.get(id)?.state.status ?? 'complete'
    return [{ text: GLYPHS[status].unicode, style: status }, { text: ` ${id}` }]
  })
  const more: Line[] = ids.length > MOST_NAMED ? [[{ text: `and ${ids.length - MOST_NAMED} more`, style: 'dim' }]] : []
  const [first = [], ...rest] = flow([...pieces, ...more], width - LABEL)
  return [[{ text: name.padEnd(LABEL), style: 'dim' }, ...first], ...rest.map((line): Line => [{ text: ' '.repeat(LABEL) }, ...line])]
}

/** How the newest answer stood, or what its checks are. */
function checksText({ spec, attempts }: Task): string | undefined {
  const rows = attempts.findLast((attempt) => attempt.rows !== undefined)?.rows
  if (rows !== undefined) return `${rows.filter(({ passed }) => passed).length} of ${rows.length} passed`
  return spec.checks.length === 0 ? undefined : oneLine(spec.checks.map(({ rule }) => rule).join(', '), 300)
}

function spentText({ attempts }: Task): string | undefined {
  if (attempts.length === 0) return undefined
  return `${attempts.some(isEstimate) ? '≤ ' : ''}${formatUsd(costOfAttempts(attempts))} in ${plural(attempts.length, 'attempt')}`
}

function limitsText({ state, task: { spec } }: TabProps): string {
  const { settings } = state
  const timeout = spec.timeout_s ?? settings?.timeout_s
  const retries = settings === undefined ? undefined : retriesOf(spec, settings.retries)
  const money = spec.max_cost_usd === undefined ? settings?.budget.task : spec.max_cost_usd * 1_000_000
  return [
    timeout === undefined ? undefined : `${formatSpan(timeout)} an attempt`,
    retries === undefined || retries === 0 ? undefined : retries === 1 ? '1 retry' : `${retries} retries`,
    money === undefined || money === null ? undefined : `${formatUsd(money)} in all`,
  ]
    .filter((part) => part !== undefined)
    .join(', ')
}
