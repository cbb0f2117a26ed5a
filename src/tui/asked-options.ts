import type { Ask } from '../core/question.ts'
import type { TypedPrompt } from './ui.ts'

type Asking = Extract<TypedPrompt, { ask: 'answer' }>

/** Options that have a key: `1` to `9`. */
const MOST_KEYS = 9
/** Between several options that are meant. */
const AND = ', '

/** What is asked now. */
export function askNow({ asks, said }: Pick<Asking, 'asks' | 'said'>): Ask {
  const ask = asks[said.length]
  if (ask === undefined) throw new Error('bug: all has been answered')
  return ask
}

/** The option that a digit means: only where no other words have been begun. */
export function optionAt(asking: Asking, key: string): string | undefined {
  const { options, multiple } = askNow(asking)
  if (!/^[1-9]$/.test(key)) return undefined
  const isFree = asking.text === '' || (multiple === true && labelsIn(asking.text).every((label) => options.some((option) => option.label === label)))
  return isFree ? options[Number(key) - 1]?.label : undefined
}

/** Several options as they are answered, with this one more, or less. */
export function withOption(text: string, label: string): string {
  const labels = text === '' ? [] : labelsIn(text)
  return (labels.includes(label) ? labels.filter((other) => other !== label) : [...labels, label]).join(AND)
}

const labelsIn = (text: string) => text.split(AND)

/** What was begun, as the option that begins so. */
export function completeAnswer(asking: Asking, text: string): string {
  const begun = text.trimStart().toLowerCase()
  return askNow(asking).options.find(({ label }) => label.toLowerCase().startsWith(begun))?.label ?? text
}

/** Options with the keys that choose them; those behind the ninth have none. */
export function keyedOptions({ options }: Ask): { key: string; label: string; description: string | undefined }[] {
  return options.map(({ label, description }, index) => ({ key: index < MOST_KEYS ? String(index + 1) : '', label, description }))
}
