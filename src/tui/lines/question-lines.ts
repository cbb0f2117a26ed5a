import type { Ask, Question } from '../../core/question.ts'
import { oneLine, sanitize } from '../../core/sanitize.ts'
import type { Line } from '../../core/views/line.ts'
import { keyedOptions } from '../asked-options.ts'
import { labelled } from './label.ts'
import { marginLines } from './paragraph.ts'

/** Columns before an option: its key. */
const KEY = 5

/** All that is asked, as whoever asks says it: options with the keys that choose them, or a tool with all that it is to do. */
export function questionLines(question: Question, width: number): Line[] {
  if (question.kind === 'permission') {
    const { tool, input, rule } = question
    return [
      ...marginLines(`may it use ${oneLine(tool, 200)}?`, width, 'strong'),
      ...marginLines(sanitize(input, { color: false }), width),
      ...marginLines(`always allowed with permissions.allow: ${oneLine(JSON.stringify(rule), 300)}`, width, 'dim'),
    ]
  }
  const { asks } = question
  return asks.flatMap((ask, index) => [...(index === 0 ? [] : [[]]), ...askLines(ask, asks.length === 1 ? '' : `${index + 1}/${asks.length} `, width)])
}

function askLines(ask: Ask, place: string, width: number): Line[] {
  const { text, options, multiple, default: usual } = ask
  const notes = [
    options.length === 0 ? 'in your own words' : multiple === true ? 'several may be meant' : '',
    usual === undefined ? '' : `where nobody answers: ${oneLine(usual, 300)}`,
  ].filter((note) => note !== '')
  return [
    ...marginLines(`${place}${sanitize(text, { color: false })}`, width, 'strong'),
    ...keyedOptions(ask).flatMap(({ key, label, description }) => {
      const told = description === undefined ? '' : ` — ${sanitize(description, { color: false })}`
      return labelled(`   ${key}`, `${oneLine(label, 200)}${told}`, width, { label: KEY, named: 'accent' })
    }),
    ...(notes.length === 0 ? [] : marginLines(notes.join('; '), width, 'dim')),
  ]
}
