import { oneLine, sanitize } from '../../core/sanitize.ts'
import type { Line } from '../../core/views/line.ts'
import { completionsOf } from '../command-line.ts'
import { plural } from '../../core/units.ts'
import { askNow, keyedOptions, optionAt } from '../asked-options.ts'
import type { Glance } from '../glance.ts'
import { keyName } from '../keymap.ts'
import { columnsOf, lettersOf } from '../lines/columns.ts'
import { cutTo, fit, spread, widthOf } from '../lines/fit.ts'
import type { ChoosePrompt, Prompt, TypedPrompt } from '../ui.ts'

/** A line that takes the keys: what is asked, what is typed, and what it could go on with. */
export function promptLine(glance: Glance, prompt: Prompt, width: number): Line {
  return prompt.ask === 'choose' ? chooseLine(prompt, width) : typedLine(glance, prompt, width)
}

/** The answers stay in sight, however long the question is; where there is no room for both they are said in brief. */
function chooseLine({ question, choices, no }: ChoosePrompt, width: number): Line {
  const text = oneLine(question, Math.max(1, width))
  const said = (how: 'says' | 'brief'): Line => [...choices, no].flatMap((choice): Line => [{ text: '  ' }, { text: keyName(choice.key), style: 'strong' }, { text: ` ${choice[how]}`, style: 'dim' }])
  const long = said('says')
  const answers = 1 + columnsOf(text) + widthOf(long) <= width ? long : said('brief')
  const asked = cutTo([{ text: ` ${text}`, style: 'warn' }], Math.max(0, width - widthOf(answers)))
  return fit([...asked, ...answers], width)
}

function typedLine(glance: Glance, prompt: TypedPrompt, width: number): Line {
  const hint = hintOf(glance, prompt)
  const before = beforeOf(prompt, width - widthOf(hint))
  // Where it is longer than the line, its end stays in sight: that is where it is typed.
  const text = endOf(sanitize(prompt.text, { color: false }), width - widthOf(before) - 1)
  const typed: Line = [...before, { text }, { text: ' ', selected: true }]
  return spread(typed, hint, width)
}

/** Of what is asked this much is shown at least, and columns that are kept for what is typed. */
const LEAST_ASKED = 24
const TYPED = 16

/** What stands before what is typed. @param room columns beside the hint */
function beforeOf(prompt: TypedPrompt, room: number): Line {
  switch (prompt.ask) {
    case 'filter':
    case 'search':
      return [{ text: ' /', style: 'accent' }]
    case 'command':
      return [{ text: ' :', style: 'accent' }]
    case 'answer': {
      const { asks, said } = prompt
      const place = asks.length === 1 ? '' : `${said.length + 1}/${asks.length} `
      return asked(`${place}${askNow(prompt).text}`, room)
    }
    case 'comment': {
      const [first] = prompt.to
      const what = prompt.to.length === 1 && first !== undefined ? `"${first.task}"` : plural(prompt.to.length, 'task')
      return asked(prompt.must ? `${what}: what is not good yet?` : `${what}: why not?`, room)
    }
  }
}

function asked(text: string, room: number): Line {
  const most = Math.max(LEAST_ASKED, room - TYPED)
  return [...cutTo([{ text: ` ${oneLine(text, most)}`, style: 'accent' }], most), { text: ' ' }]
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

function hintOf(glance: Glance, prompt: TypedPrompt): Line {
  const { text } = prompt
  const { queue } = glance.models
  switch (prompt.ask) {
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
    case 'answer':
      return answerHint(prompt)
    case 'comment':
      if (prompt.isMissing) return [{ text: '⚠ it has to be said ', style: 'warn' }]
      return [{ text: `Enter ${prompt.must ? 'send back' : 'reject'}  Esc leave `, style: 'dim' }]
  }
}

/** Options with their keys as long as one of them can be chosen; then what Enter does. */
function answerHint(prompt: Extract<TypedPrompt, { ask: 'answer' }>): Line {
  const ask = askNow(prompt)
  const keyed = keyedOptions(ask)
  const isLast = prompt.said.length === prompt.asks.length - 1
  const enter = prompt.text !== '' ? `Enter ${isLast ? 'answer' : 'next'}  ` : ask.default === undefined ? '' : `Enter ${oneLine(ask.default, LONGEST_OPTION)}  `
  const open = keyed.some(({ key }) => optionAt(prompt, key) !== undefined)
  const options = open ? keyed.filter(({ key }) => key !== '').flatMap(({ key, label }): Line => [{ text: key, style: 'strong' }, { text: ` ${oneLine(label, LONGEST_OPTION)}  `, style: 'dim' }]) : []
  return [{ text: enter, style: 'dim' }, ...options, { text: 'Esc leave ', style: 'dim' }]
}

/** Characters of an option in the line. */
const LONGEST_OPTION = 24
