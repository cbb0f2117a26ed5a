import * as z from 'zod'
import { conditionText, type Condition } from '../condition.ts'
import { askedAbout } from '../quota.ts'
import type { RunState } from '../state.ts'
import { withoutUndefined } from './without-undefined.ts'

/** A provider that cannot be used now, and until when, where that is known. `waiting`: its quota is used up, or it asked to be left alone. */
export const ProviderAway = z.object({ provider: z.string(), is: z.enum(['waiting', 'resting', 'gone']), until: z.string().optional(), text: z.string() })
export type ProviderAway = z.infer<typeof ProviderAway>

/** Those that cannot be used now, in the order in which that was found. */
export function providersAway({ conditions }: RunState): ProviderAway[] {
  return [...conditions].flatMap(([provider, condition]) => awayEntry(provider, condition))
}

/**
 * Those that a person can have asked again before their time, but for those that a gate asks about. None where a run is
 * over: nothing waits for them.
 */
export function quotasUsedUp(state: RunState): ProviderAway[] {
  if (state.phase.phase === 'closed') return []
  const asked = askedAbout(state)
  return providersAway(state).filter(({ is, provider }) => is === 'waiting' && !asked.has(provider))
}

function awayEntry(provider: string, condition: Condition): ProviderAway[] {
  const text = conditionText(condition)
  if (text === undefined) return []
  const is = condition.is === 'waiting' || condition.is === 'gone' ? condition.is : 'resting'
  return [withoutUndefined({ provider, is, until: 'until' in condition ? condition.until : undefined, text })]
}
