import type { Effect } from '../effects.ts'
import type { Glance } from '../glance.ts'
import type { Ui } from '../ui.ts'

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

/** What destroys asks first. */
export function ask({ ui }: Glance, question: string, yes: Effect, again: readonly string[] = []): Step {
  return { ui: { ...ui, notice: undefined, prompt: { ask: 'confirm', question, yes: [yes], again } }, effects: [] }
}
