import type { CheckRow } from '../../../core/outcome.ts'
import { oneLine, sanitize } from '../../../core/sanitize.ts'
import { hasEnded } from '../../../core/task-state.ts'
import { plural } from '../../../core/units.ts'
import type { Line } from '../../../core/views/line.ts'
import { labelled } from '../../lines/label.ts'
import { listTab } from './list-tab.ts'
import type { TabProps } from './tab.ts'

/** The checks of the newest attempt that was held against them, row by row. */
export const checksTab = listTab<CheckRow>({
  columns: [{ name: '' }, { name: 'rule', least: 8 }, { name: 'asked for', least: 14 }, { name: 'found', least: 10, spare: 1 }],
  itemsOf: ({ task }) => task.attempts.findLast(({ rows }) => rows !== undefined)?.rows ?? [],
  cells: ({ rule, expected, found, passed }) => [
    [passed ? { text: '✔', style: 'complete' } : { text: '✖', style: 'failed' }],
    [{ text: oneLine(rule, 60) }],
    [{ text: oneLine(expected, 500), style: 'dim' }],
    [{ text: oneLine(found, 500), ...(passed ? { style: 'dim' } : {}) }],
  ],
  detail: ({ rule, expected, found, passed }, { room: { width } }): Line[] => [
    [{ text: ` ${oneLine(rule, 60)}`, style: 'strong' }, passed ? { text: '  passed', style: 'complete' } : { text: '  not met', style: 'failed' }],
    ...labelled(' asked for', sanitize(expected, { color: false }), width, { label: 12 }),
    ...labelled(' found', sanitize(found, { color: false }), width, { label: 12 }),
  ],
  empty,
  copy: ({ rule, expected, found }) => ({ text: `${rule}: ${expected} (${found})`, what: 'the check' }),
})

function empty({ task }: TabProps): string {
  const { checks, outputs } = task.spec
  if (checks.length + outputs.length === 0) return 'Nothing is asked of its answer: it has no checks.'
  const asked = [...checks.map(({ rule }) => rule), ...outputs].join(', ')
  return `${hasEnded(task.state.status) ? 'Its answer was not held against its checks' : 'Its answer has not been held against its checks yet'}: ${plural(checks.length + outputs.length, 'check')} (${oneLine(asked, 300)}).`
}
