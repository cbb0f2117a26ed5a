import type { Event } from '../core/events.ts'
import type { RunState } from '../core/state.ts'
import { eventLine, outcomeText, type EventLine } from '../core/views/event-line.ts'
import { out, styleOf, type Style } from './terminal.ts'

/** Tells a run while it goes on: a line for each step that matters, and a line of progress where someone looks. */
export type Narrator = {
  listen: (event: Event, state: RunState) => void
  /** Takes the progress line away. */
  end: () => void
}

/** For programs: every event as JSON on stdout, and nothing else. */
export function narrateJson(): Narrator {
  return { listen: (event) => void process.stdout.write(`${JSON.stringify(event)}\n`), end: () => {} }
}

/** For people: lines on stdout, progress on stderr where that is a terminal. */
export function narrate(): Narrator {
  const style = styleOf(process.stdout)
  const progress = process.stderr.isTTY ? progressLine() : undefined
  let width = 0
  return {
    listen: (event, state) => {
      if (event.type === 'task.added') width = Math.min(28, Math.max(width, event.task.id.length))
      const line = told(event, state)
      if (!line.detail) {
        progress?.hide()
        out(formatLine(line, width, style))
      }
      progress?.show(state)
    },
    end: () => progress?.hide(),
  }
}

/** A task that completed is told with what came of it: its answer was an event of its own, which the short telling leaves out. */
function told(event: Event, { settings, tasks }: RunState): EventLine {
  const line = eventLine(event, settings)
  if (event.type !== 'task.ended' || event.status !== 'complete') return line
  const outcome = tasks.get(event.task)?.attempts.at(-1)?.outcome
  return outcome === undefined ? line : { ...line, text: `complete: ${outcomeText(outcome)}` }
}

/** `14:02:11 ● builder  ollama · llama3.1:8b`, in the local time of whoever reads it. */
export function formatLine({ at, sign, subject, text }: EventLine, width: number, style: Style): string {
  const time = new Date(at).toLocaleTimeString('en-GB')
  return `${style.paint('dim', time)} ${style.sign(sign)} ${subject === '' ? '' : `${subject.padEnd(width)}  `}${text}`
}

/** At most this often a second: a progress line is looked at, not read. */
const PROGRESS_MS = 100

function progressLine() {
  let shownAt = 0
  let visible = false
  const hide = () => {
    if (visible) process.stderr.write('\r\u001b[K')
    visible = false
  }
  return {
    hide,
    show: ({ counts, tasks, left, phase }: RunState) => {
      if (phase.phase !== 'open') return hide()
      if (visible && Date.now() - shownAt < PROGRESS_MS) return
      shownAt = Date.now()
      visible = true
      const running = counts.running + counts.checking
      process.stderr.write(`\r\u001b[K  ${tasks.size - left} of ${tasks.size} ended, ${running} running`)
    },
  }
}
