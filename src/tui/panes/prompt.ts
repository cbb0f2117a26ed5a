import { oneLine, sanitize } from '../../core/sanitize.ts'
import type { Line } from '../../core/views/line.ts'
import { completionsOf } from '../command-line.ts'
import type { Glance } from '../glance.ts'
import { columnsOf, lettersOf } from '../lines/columns.ts'
import { cutTo, fit, spread, widthOf } from '../lines/fit.ts'
import type { Prompt } from '../ui.ts'

/** A line that takes the keys: what is asked, what is typed, and what it could go on with. */
export function promptLine(glance: Glance, prompt: Prompt, width: number): Line {
  return prompt.ask === 'confirm' ? confirmLine(prompt.question, width) : typedLine(glance, prompt, width)
}

const ANSWERS: Line = [{ text: '  ' }, { text: 'y', style: 'strong' }, { text: ' yes  ', style: 'dim' }, { text: 'n', style: 'strong' }, { text: ' no', style: 'dim' }]

/** The answers stay in sight, however long the question is. */
function confirmLine(question: string, width: number): Line {
  const asked = cutTo([{ text: ` ${oneLine(question, width)}`, style: 'warn' }], Math.max(0, width - widthOf(ANSWERS)))
  return fit([...asked, ...ANSWERS], width)
}

const SIGNS = { filter: '/', search: '/', command: ':' } as const

function typedLine(glance: Glance, prompt: Extract<Prompt, { text: string }>, width: number): Line {
  const before: Line = [{ text: ` ${SIGNS[prompt.ask]}`, style: 'accent' }]
  // Where it is longer than the line, its end stays in sight: that is where it is typed.
  const text = endOf(sanitize(prompt.text, { color: false }), width - widthOf(before) - 1)
  const typed: Line = [...before, { text }, { text: ' ', selected: true }]
  return spread(typed, hintOf(glance, prompt), width)
}

function endOf(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text
  const letters = lettersOf(text)
  let from = letters.length
  let left = columns - 1
  while (from > 0 && columnsOf(letters[from - 1] ?? '') <= left) left -= columnsOf(letters[--from] ?? '')
  return `…${letters.slice(from).join('')}`
}

const MOST_HINTS = 6

function hintOf(glance: Glance, { ask, text }: Extract<Prompt, { text: string }>): Line {
  const { queue } = glance.models
  switch (ask) {
    case 'filter': {
      const problem = queue.problem()
      if (problem !== undefined) return [{ text: `⚠ ${oneLine(problem, 60)} `, style: 'warn' }]
      if (text === '') return [{ text: 'text  /regex/  status:failed  type:fix  tier:local  -not ', style: 'dim' }]
      return [{ text: `${queue.count().toLocaleString('en')} shown  Enter keep  Esc undo `, style: 'dim' }]
    }
    case 'search':
      return [{ text: 'Enter keep  Esc undo ', style: 'dim' }]
    case 'command': {
      const words = completionsOf(glance, text)
      // What is typed already stands there.
      const [, done = ''] = /^(.*\s)?\S*$/.exec(text) ?? []
      const shown = words.slice(0, MOST_HINTS).map((word) => word.slice(done.length).trim())
      const more = words.length > shown.length ? ` +${words.length - shown.length}` : ''
      return [{ text: `${shown.join('  ')}${more} `, style: 'dim' }]
    }
  }
}
