import { moment, timeToSecond } from '../../clock.ts'
import { oneLine, sanitize } from '../../../core/sanitize.ts'
import { isEstimate, type Attempt } from '../../../core/task-state.ts'
import { formatSpan, formatTokens, formatUsd, plural } from '../../../core/units.ts'
import { outcomeText, routeText } from '../../../core/views/event-line.ts'
import { failureWords } from '../../../core/views/failure-words.ts'
import type { Line, Style } from '../../../core/views/line.ts'
import { marginLines } from '../../lines/paragraph.ts'
import { look } from '../../update/step.ts'
import { keyOf } from '../page.ts'
import { listTab } from './list-tab.ts'
import type { TabProps } from './tab.ts'

/** Every attempt, and how each of them ended. */
export const attemptsTab = listTab<Attempt>({
  columns: [
    { name: '#', align: 'right' },
    { name: 'route', spare: 2, least: 12 },
    { name: 'started', spare: 4 },
    { name: 'time', align: 'right', spare: 1 },
    { name: 'cost', align: 'right' },
    { name: 'tokens', align: 'right', spare: 3 },
    { name: 'how it ended', least: 14 },
  ],
  itemsOf: ({ task }) => task.attempts,
  cells,
  detail,
  empty: () => 'It has not started yet.',
  open: ({ attempt }, { glance, task }) =>
    look(glance, { pages: [], selected: task.spec.id, focus: 'log', log: { ...glance.ui.log, attempt: { task: task.spec.id, attempt }, at: 'end' } }),
  copy: (attempt, { state }) => ({ text: `${routeText(attempt.route, state.settings)}: ${endingOf(attempt).text}`, what: `attempt ${attempt.attempt}` }),
})

function cells(attempt: Attempt, { state, glance }: TabProps): Line[] {
  const { route, started_at, settled, corrected = 0, outcome, reserved } = attempt
  const { text, style } = endingOf(attempt)
  const ms = outcome?.duration_ms ?? glance.now - Date.parse(started_at)
  const cost = settled === undefined ? reserved?.micro_usd : settled.micro_usd + corrected
  const isMost = settled === undefined || isEstimate(attempt)
  return [
    [{ text: String(attempt.attempt) }],
    [{ text: oneLine(routeText(route, state.settings), 200) }],
    [{ text: timeToSecond(Date.parse(started_at)), style: 'dim' }],
    [{ text: formatSpan(Math.max(0, ms) / 1000), style: 'dim' }],
    [{ text: cost === undefined || cost === 0 ? '' : `${isMost ? '≤ ' : ''}${formatUsd(cost)}` }],
    [{ text: tokensText(attempt), style: 'dim' }],
    [{ text, style }],
  ]
}

/** `1.2k → 340`: what went in, and what came out. */
function tokensText({ outcome }: Attempt): string {
  const { input, output } = outcome?.usage ?? {}
  return input === undefined && output === undefined ? '' : `${input === undefined ? '?' : formatTokens(input)} → ${output === undefined ? '?' : formatTokens(output)}`
}

function endingOf({ outcome, rows = [] }: Attempt): { text: string; style: Style } {
  if (outcome === undefined) return { text: '● runs', style: 'running' }
  if (outcome.result === 'failed') return { text: `✖ ${failureWords(outcome.kind)}`, style: 'failed' }
  const missed = rows.filter(({ passed }) => !passed).length
  if (missed > 0) return { text: `⚠ ${missed} of ${plural(rows.length, 'check')} not met`, style: 'incomplete' }
  const how = outcome.cached === true ? 'answered from the cache' : outcome.finish === 'length' ? 'answered, cut off by the token limit' : 'answered'
  return { text: `✔ ${how}`, style: 'complete' }
}

/** All that is known of an attempt. */
function detail({ route, started_at, outcome, settled }: Attempt, { glance, room }: TabProps): Line[] {
  const ended = outcome === undefined ? [] : marginLines(sanitize(outcomeText(outcome, settled), { color: false }), room.width)
  return [
    ...ended,
    ...marginLines(`its route: ${oneLine(route.reason, 300)}`, room.width, 'dim'),
    ...marginLines(`began ${moment(Date.parse(started_at), glance.now)} · ${keyOf(glance, 'open')} shows its log`, room.width, 'dim'),
  ]
}
