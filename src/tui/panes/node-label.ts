import type { Group } from '../../core/drawing/fold.ts'
import type { NodeLabel } from '../../core/drawing/window.ts'
import { costOfAttempts, type Gate, type Task, isEstimate } from '../../core/task-state.ts'
import { formatSpan, formatUsd } from '../../core/units.ts'
import { GLYPHS } from '../../core/views/glyphs.ts'
import type { Span } from '../../core/views/line.ts'
import { taskSpan } from '../../core/views/task-span.ts'
import type { Glance } from '../glance.ts'
import { keyName } from '../keymap.ts'
import { shorten } from '../lines/fit.ts'
import { groupText, LONGEST, type Detail } from '../models/graph-shapes.ts'

/** What stands on a task's node: sign, name, how long it has taken and what it has cost. */
export function taskLabel(task: Task, detail: Detail, glance: Glance): NodeLabel {
  const { id } = task.spec
  const { status } = task.state
  const isActive = status === 'running' || status === 'checking' || status === 'held'
  const name: Span = { text: shorten(id, LONGEST.name), ...(isActive ? { style: 'strong' } : {}) }
  const cost = detail === 'cost' ? costText(task) : ''
  const selected = glance.ui.selected === id
  const text = [name, ...(detail === 'live' && !isActive ? [] : timeSpans(task, glance)), ...(cost === '' ? [] : [{ text: ` ${cost}`, style: 'dim' as const }])]
  const sign: Span[] = [{ text: GLYPHS[status].unicode, style: status }, ...(glance.ui.marks.has(id) ? [{ text: '◆', style: 'accent' as const }] : [{ text: ' ' }])]
  if (!selected) return { sign, text }
  // One bar: reversed, each colour would be a piece of its own.
  const bar = (spans: readonly Span[]) => spans.map((span) => ({ text: span.text, selected }))
  return { sign: bar(sign), text: bar(text) }
}

/** What a task waits for, in as few columns as its time takes. */
const HELD: Record<Exclude<Gate, 'approval'>, string> = { question: 'asks', review: 'look?', budget: '$?', quota: 'quota', paused: 'pause' }

/** Time that runs shows whole seconds; what is held says at what. */
function timeSpans(task: Task, { now, keymap, run }: Glance): Span[] {
  const { state } = task
  if (state.status === 'held' && !(state.gate === 'question' && state.reply !== undefined)) {
    const [key] = keymap.keysOf('approve')
    const approve = key === undefined || run?.send === undefined ? '?' : `${keyName(key)}?`
    return [{ text: ` ${state.gate === 'approval' ? approve : HELD[state.gate]}`, style: 'held' }]
  }
  const span = taskSpan(task)
  if (span === undefined) return []
  const seconds = span.to === undefined ? Math.max(0, Math.floor((now - span.from) / 1000)) : (span.to - span.from) / 1000
  // Nobody takes the 12 of 1m12 for anything but seconds.
  return [{ text: ` ${formatSpan(seconds).replace(/(?<=[mhd]\d\d)[smh]$/, '')}`, style: 'dim' }]
}

function costText({ attempts }: Task): string {
  const cost = costOfAttempts(attempts)
  if (cost === 0) return ''
  const text = `${attempts.some(isEstimate) ? '≤' : ''}${formatUsd(cost)}`
  return text.length <= LONGEST.cost ? text : `$${Math.round(cost / 1_000_000)}`
}

/** `✔ 14 done`, `⚠ 12 done, 2 not`, `○ 230 waiting`. */
export function groupLabel(group: Group): NodeLabel {
  const status = group.is === 'waiting' ? 'waiting' : group.odd > 0 ? 'incomplete' : 'complete'
  return { sign: [{ text: GLYPHS[status].unicode, style: status }], text: [{ text: groupText(group), style: 'dim' }] }
}
