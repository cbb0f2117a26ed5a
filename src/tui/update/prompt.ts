import type { Key } from '../terminal/keys.ts'
import type { Glance } from '../glance.ts'
import { parseCommand, completeCommand } from '../command-line.ts'
import type { Prompt } from '../ui.ts'
import { lettersOf } from '../lines/columns.ts'
import { look, type Step } from './step.ts'
import { update } from './update.ts'

/** A key while a question is open. */
export function answerPrompt(glance: Glance, prompt: Prompt, key: Key): Step {
  return prompt.ask === 'confirm' ? confirm(glance, prompt, key) : type(glance, prompt, key)
}

/** Enter is no answer: what destroys is not done by a key that was pressed for something else. */
function confirm(glance: Glance, { yes, again }: Extract<Prompt, { ask: 'confirm' }>, key: Key): Step {
  const closed = look(glance, { prompt: undefined })
  const isYes = 'name' in key && ['y', 'Y', ...again].includes(key.name)
  return isYes ? { ...closed, effects: yes } : closed
}

function type(glance: Glance, prompt: Extract<Prompt, { text: string }>, key: Key): Step {
  if ('paste' in key) return retype(glance, prompt, prompt.text + key.paste.replaceAll(/\s+/g, ' '))
  switch (key.name) {
    case 'enter':
      return enter(glance, prompt)
    case 'esc':
    case 'ctrl+c':
      return apply(glance, { ...prompt, text: prompt.before }, undefined)
    case 'backspace':
      return prompt.text === '' ? apply(glance, { ...prompt, text: prompt.before }, undefined) : retype(glance, prompt, lettersOf(prompt.text).slice(0, -1).join(''))
    case 'ctrl+u':
      return retype(glance, prompt, '')
    case 'ctrl+w':
      return retype(glance, prompt, prompt.text.replace(/\S*\s*$/, ''))
    case 'tab':
      return prompt.ask === 'command' ? retype(glance, prompt, completeCommand(glance, prompt.text)) : look(glance, {})
    case 'space':
      return retype(glance, prompt, `${prompt.text} `)
    default:
      return lettersOf(key.name).length === 1 ? retype(glance, prompt, prompt.text + key.name) : look(glance, {})
  }
}

function enter(glance: Glance, prompt: Extract<Prompt, { text: string }>): Step {
  if (prompt.ask === 'filter') return apply(glance, prompt, undefined)
  const closed = look(glance, { prompt: undefined })
  if (prompt.ask === 'search') return update({ ...glance, ui: closed.ui }, { do: 'search', arg: prompt.text })
  const parsed = parseCommand(prompt.text)
  if (parsed === undefined) return closed
  if ('problem' in parsed) return look(glance, { prompt: undefined, notice: { kind: 'warning', text: parsed.problem } })
  return update({ ...glance, ui: closed.ui }, parsed)
}

function retype(glance: Glance, prompt: Extract<Prompt, { text: string }>, text: string): Step {
  return apply(glance, prompt, { ...prompt, text }, text)
}

/** What is typed shows at once, so that a filter can be seen to do what was meant. */
function apply(glance: Glance, prompt: Extract<Prompt, { text: string }>, next: Prompt | undefined, text = prompt.text): Step {
  const { queue, log } = glance.ui
  switch (prompt.ask) {
    case 'filter':
      return look(glance, { prompt: next, queue: { ...queue, filter: text } })
    case 'search':
      return look(glance, { prompt: next, log: { ...log, search: text } })
    case 'command':
      return look(glance, { prompt: next })
  }
}
