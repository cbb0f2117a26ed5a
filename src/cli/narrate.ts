import type { Event } from '../core/events.ts'
import type { RunState } from '../core/state.ts'
import { oneLine } from '../core/sanitize.ts'
import { eventLine, outcomeText, type EventLine } from '../core/views/event-line.ts'
import { hanging, out, outJson, ring, showProgress, styleOf, type Style } from './terminal.ts'

/** Tells a run while it goes on: a line for each step that matters, and a line of progress where someone looks. */
export type Narrator = {
  listen: (event: Event, state: RunState) => void
  /** Takes away what is not to stay: the progress line, timers. A second call does nothing. */
  end: () => void
}

/** For programs: every event as JSON on stdout, and nothing else. */
export function narrateJson(): Narrator {
  return { listen: (event) => outJson(event), end: () => {} }
}

/** Whether the terminal rings when a task begins to wait for a person. */
export type Ringing = { bell?: boolean }

/** For people: lines on stdout, progress on stderr where that is a terminal. */
export function narrate({ bell = false }: Ringing = {}): Narrator {
  const style = styleOf(process.stdout)
  const progress = progressLine()
  let width = 0
  return {
    listen: (event, state) => {
      if (event.type === 'task.added') width = Math.min(28, Math.max(width, event.task.id.length))
      const line = told(event, state)
      if (!line.detail) out(formatLine(line, width, style))
      if (bell && event.type === 'gate.opened') ring()
      progress.show(state)
    },
    end: progress.end,
  }
}

/** A task that completed is told with what came of it: its answer was an event of its own, which the short telling leaves out. */
export function told(event: Event, { run, settings, tasks }: RunState): EventLine {
  const line = eventLine(event, settings)
  if (event.type === 'run.resumed') return { ...line, text: `run ${run} was taken up where it was left` }
  if (event.type !== 'task.ended' || event.status !== 'complete') return line
  const last = tasks.get(event.task)?.attempts.at(-1)
  return last?.outcome === undefined ? line : { ...line, text: `complete: ${outcomeText(last.outcome, last.settled)}` }
}

/**
 * `14:02:11 ● builder  ollama · llama3.1:8b`, in the local time of whoever reads it. On a terminal it goes on below the subject.
 * @param before what stands before the time
 */
export function formatLine({ at, sign, subject, text }: EventLine, width: number, style: Style, before = ''): string {
  const lead = `${before}${style.paint('dim', timeOf(at))} ${style.sign(sign)} `
  const about = subject === '' ? '' : `${subject.padEnd(width)}  `
  return hanging(process.stdout, lead + about, oneLine(text, LONGEST_TEXT), before.length + SUBJECT_AT + 2)
}

/** A time of the day as whoever reads it has it. */
export function timeOf(at: string): string {
  return new Date(at).toLocaleTimeString('en-GB')
}

/** Columns before the subject: the time and the sign. */
const SUBJECT_AT = '14:02:11 ● '.length

/** What is longer is cut off: `tutti show` and `tutti logs` have the whole of it. */
export const LONGEST_TEXT = 600

/** At most this often a second: a progress line is looked at, not read. */
const PROGRESS_MS = 100
function progressLine(): { show: (state: RunState) => void; end: () => void } {
  let shownAt = -Infinity
  let timer: NodeJS.Timeout | undefined

  function draw({ counts, tasks, left, phase }: RunState): void {
    shownAt = performance.now()
    showProgress(phase.phase === 'open' ? `  ${tasks.size - left} of ${tasks.size} ended, ${counts.running + counts.checking} running` : '')
  }

  function end(): void {
    clearTimeout(timer)
    timer = undefined
  }

  return {
    show: (state) => {
      const wait = state.phase.phase === 'open' ? shownAt + PROGRESS_MS - performance.now() : 0
      if (wait > 0) {
        // The last of many changes is the one that stays to be looked at.
        timer ??= setTimeout(() => {
          timer = undefined
          draw(state)
        }, wait)
        return
      }
      end()
      draw(state)
    },
    end: () => {
      end()
      showProgress('')
    },
  }
}
