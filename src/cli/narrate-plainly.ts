import type { Event } from '../core/events.ts'
import { oneLine } from '../core/sanitize.ts'
import { heldAt, settingsOf, type RunState } from '../core/state.ts'
import type { EventLine } from '../core/views/event-line.ts'
import { NEEDED } from '../core/views/gate-words.ts'
import { countsText } from '../core/views/rows.ts'
import { formatUsd } from '../core/units.ts'
import { LONGEST_TEXT, timeOf, told, type Narrator } from './narrate.ts'
import { out } from './terminal.ts'

const MINUTE_MS = 60_000

/** For screen readers: whole lines, one below the other, in words; and once a minute how the run stands, if that has changed. */
export function narratePlainly(): Narrator {
  let now: RunState | undefined
  let saidAt = 0
  const timer = setInterval(() => {
    if (now === undefined || now.seq === saidAt) return
    saidAt = now.seq
    out(`${timeOf(new Date().toISOString())} So far: ${standingText(now)}.`)
  }, MINUTE_MS)
  timer.unref()
  return {
    listen: (event, state) => {
      now = state
      const line = told(event, state)
      if (!line.detail) out(plainLine(line))
      const need = needText(event)
      if (need !== undefined) out(`${timeOf(event.at)} ${need}`)
      if (event.type === 'run.resumed') for (const text of needsOf(state)) out(`${timeOf(event.at)} ${text}`)
    },
    end: () => clearInterval(timer),
  }
}

/** `14:02:11 builder, running: ollama, llama3.1:8b.`; of the run itself only what happened. */
function plainLine({ at, subject, sign, text }: EventLine): string {
  const words = inWords(oneLine(text, LONGEST_TEXT))
  const end = /[.!?]$/.test(words) ? '' : '.'
  if (subject === '') return `${timeOf(at)} ${words}${end}`
  // Some texts begin with the status themselves.
  const happened = words.startsWith(sign) ? words.slice(sign.length).replace(/^: /, '') : words
  return `${timeOf(at)} ${subject}, ${sign}${happened === '' ? '' : `: ${happened}`}${end}`
}

/** Signs that a voice would leave out, or spell. */
const SPOKEN: readonly [RegExp, string][] = [
  [/ [·—–] /g, ', '],
  [/ → /g, ' to '],
  [/≤ ?/g, 'at most '],
  [/×/g, ' times'],
  [/…/g, ' and so on'],
]

function inWords(text: string): string {
  return SPOKEN.reduce((spoken, [sign, word]) => spoken.replaceAll(sign, word), text)
}

/** What a person has to do about it. */
function needText(event: Event): string | undefined {
  return event.type === 'gate.opened' ? needOf(event.gate, event.task) : undefined
}

function standingText({ counts, budget }: RunState): string {
  const spent = budget.spent.run === 0 ? '' : `, ${formatUsd(budget.spent.run)} spent`
  return `${countsText(counts)}${spent}`
}

/** What already waits for a person in a run that is taken up, unless it was approved beforehand. */
function needsOf(state: RunState): string[] {
  return settingsOf(state).approval.mode === 'auto' ? [] : (['approval', 'review', 'question', 'quota'] as const).flatMap((gate) => heldAt(state, gate).map(({ spec }) => needOf(gate, spec.id)))
}

function needOf(gate: keyof typeof NEEDED, task: string): string {
  return `Needed: ${NEEDED[gate]} ${task}.`
}
