import { LONGEST_TEXT } from '../../core/question.ts'
import type { Key } from '../terminal/keys.ts'
import type { Glance } from '../glance.ts'
import { parseCommand, completeCommand } from '../command-line.ts'
import type { ChoosePrompt, Prompt, TypedPrompt } from '../ui.ts'
import { lettersOf } from '../lines/columns.ts'
import { askNow, completeAnswer, optionAt, withOption } from '../asked-options.ts'
import { answered, commented } from './gates.ts'
import { look, prompt as open, type Step } from './step.ts'
import { update } from './update.ts'

/** A key while a question is open. */
export function answerPrompt(glance: Glance, prompt: Prompt, key: Key): Step {
  return prompt.ask === 'choose' ? choose(glance, prompt, key) : type(glance, prompt, key)
}

/** Enter is no answer: what destroys is not done by a key that was pressed for something else. */
function choose(glance: Glance, { choices }: ChoosePrompt, key: Key): Step {
  const closed = look(glance, { prompt: undefined })
  const chosen = 'name' in key ? choices.find((choice) => choice.key === key.name || choice.also?.includes(key.name)) : undefined
  if (chosen === undefined) return closed
  return 'ask' in chosen.does ? open(glance, chosen.does) : { ...closed, effects: chosen.does }
}

function type(glance: Glance, prompt: TypedPrompt, key: Key): Step {
  if ('paste' in key) return retype(glance, prompt, prompt.text + key.paste.replaceAll(/\s+/g, ' '))
  switch (key.name) {
    case 'enter':
      return enter(glance, prompt)
    case 'esc':
    case 'ctrl+c':
      return leave(glance, prompt)
    case 'backspace':
      return prompt.text === '' ? leave(glance, prompt) : retype(glance, prompt, lettersOf(prompt.text).slice(0, -1).join(''))
    case 'ctrl+u':
      return retype(glance, prompt, '')
    case 'ctrl+w':
      return retype(glance, prompt, prompt.text.replace(/\S*\s*$/, ''))
    case 'tab':
      return retype(glance, prompt, completed(glance, prompt))
    case 'space':
      return retype(glance, prompt, `${prompt.text} `)
    default:
      return lettersOf(key.name).length === 1 ? letter(glance, prompt, key.name) : look(glance, {})
  }
}

function completed(glance: Glance, prompt: TypedPrompt): string {
  switch (prompt.ask) {
    case 'command':
      return completeCommand(glance, prompt.text)
    case 'answer':
      return completeAnswer(prompt, prompt.text)
    case 'filter':
    case 'search':
    case 'comment':
      return prompt.text
  }
}

/** The number of an option means that option, as long as nothing else is typed. */
function letter(glance: Glance, prompt: TypedPrompt, name: string): Step {
  const option = prompt.ask === 'answer' ? optionAt(prompt, name) : undefined
  if (prompt.ask !== 'answer' || option === undefined) return retype(glance, prompt, prompt.text + name)
  return askNow(prompt).multiple === true ? retype(glance, prompt, withOption(prompt.text, option)) : answered(glance, prompt, option)
}

function enter(glance: Glance, prompt: TypedPrompt): Step {
  switch (prompt.ask) {
    case 'filter':
      return look(glance, { prompt: undefined })
    case 'search':
      return update(withoutPrompt(glance), { do: 'search', arg: prompt.text })
    case 'command': {
      const parsed = parseCommand(prompt.text)
      if (parsed === undefined) return look(glance, { prompt: undefined })
      if ('problem' in parsed) return look(glance, { prompt: undefined, notice: { kind: 'warning', text: parsed.problem } })
      return update(withoutPrompt(glance), parsed)
    }
    case 'answer': {
      const said = prompt.text.trim() === '' ? askNow(prompt).default : prompt.text.trim()
      return said === undefined ? look(glance, {}) : answered(glance, prompt, said)
    }
    case 'comment':
      return commented(glance, prompt)
  }
}

function withoutPrompt(glance: Glance): Glance {
  return { ...glance, ui: look(glance, { prompt: undefined }).ui }
}

/** The line is left, and what was there before it was typed is there again. */
function leave(glance: Glance, prompt: TypedPrompt): Step {
  const { ui } = 'before' in prompt ? retype(glance, prompt, prompt.before) : glance
  return look({ ...glance, ui }, { prompt: undefined })
}

/** What is typed shows at once, so that a filter can be seen to do what was meant. */
function retype(glance: Glance, prompt: TypedPrompt, text: string): Step {
  const { queue, log } = glance.ui
  switch (prompt.ask) {
    case 'filter':
      return look(glance, { prompt: { ...prompt, text }, queue: { ...queue, filter: text } })
    case 'search':
      return look(glance, { prompt: { ...prompt, text }, log: { ...log, search: text } })
    case 'command':
      return look(glance, { prompt: { ...prompt, text } })
    // The run takes nothing that is longer.
    case 'answer':
      return look(glance, { prompt: { ...prompt, text: text.slice(0, LONGEST_TEXT) } })
    case 'comment':
      return look(glance, { prompt: { ...prompt, text: text.slice(0, LONGEST_TEXT), isMissing: false } })
  }
}
