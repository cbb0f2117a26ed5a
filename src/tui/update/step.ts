import type { Effect } from '../effects.ts'
import type { Glance } from '../glance.ts'
import type { Choice, GateWish, Prompt, Ui } from '../ui.ts'

/** What a command comes to: what is looked at from now on, and what is to be done. */
export type Step = { ui: Ui; effects: readonly Effect[] }

/** Only what is looked at changes. */
export function look({ ui }: Glance, change: Partial<Ui>): Step {
  return { ui: { ...ui, notice: undefined, ...change }, effects: [] }
}

/** Something is to be done. */
export function perform({ ui }: Glance, ...effects: Effect[]): Step {
  return { ui: { ...ui, notice: undefined }, effects }
}

/** Nothing can be done, and the person is told why. */
export function refuse({ ui }: Glance, why: string): Step {
  return { ui: { ...ui, notice: { kind: 'warning', text: why } }, effects: [] }
}

/** What destroys asks first. @param about the answers to gates that it asks for @param more other answers than yes and no */
export function ask(glance: Glance, question: string, yes: Effect, about: readonly GateWish[] = [], more: readonly Choice[] = []): Step {
  const choices: readonly Choice[] = [{ key: 'y', also: ['Y'], says: 'yes', brief: 'yes', does: [yes] }, ...more]
  return prompt(glance, { ask: 'choose', question, choices, no: { key: 'n', says: 'no', brief: 'no' }, about })
}

/** A line is to be answered before anything else. */
export function prompt({ ui }: Glance, asked: Prompt): Step {
  return { ui: { ...ui, notice: undefined, prompt: asked }, effects: [] }
}
