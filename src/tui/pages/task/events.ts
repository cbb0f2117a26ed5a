import { timeToSecond } from '../../clock.ts'
import { sanitize } from '../../../core/sanitize.ts'
import { eventLine } from '../../../core/views/event-line.ts'
import { GLYPHS } from '../../../core/views/glyphs.ts'
import type { Line } from '../../../core/views/line.ts'
import { marginLines, paragraphLines } from '../../lines/paragraph.ts'
import type { TabProps } from './tab.ts'
import { textTab } from './text-tab.ts'

/** What happened to the task, newest last. */
export const eventsTab = textTab(eventLines, 'its events')

/** ` 14:02:11 ● ` */
const LEAD = 12

function eventLines({ glance, state, task, room: { width } }: TabProps): Line[] {
  const events = glance.models.lookups.events(task.spec.id)
  if (events === undefined) return marginLines('…', width, 'dim')
  return events.flatMap((event): Line[] => {
    const { at, sign, text, detail } = eventLine(event, state.settings)
    const lead: Line = [{ text: ` ${timeToSecond(Date.parse(at))} `, style: 'dim' }, { text: GLYPHS[sign].unicode, style: sign }, { text: ' ' }]
    const rows = paragraphLines(sanitize(text, { color: false }), width - LEAD, detail ? 'dim' : undefined)
    return rows.map((row, index): Line => [...(index === 0 ? lead : [{ text: ' '.repeat(LEAD) }]), ...row])
  })
}
