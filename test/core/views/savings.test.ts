import { expect, it } from 'vitest'
import type { Outcome } from '../../../src/core/outcome.ts'
import type { Price } from '../../../src/core/price.ts'
import { savedOn } from '../../../src/core/views/savings.ts'
import { ANSWERED, conductor } from '../conductor.ts'
import { plan, task } from '../specs.ts'

const price = (perToken: number): Price => ({ kind: 'tokens', tariff: { rates: { input_per_mtok: perToken, output_per_mtok: perToken } }, source: 'config' })

/** What one task has saved that ended like this: on a tier that costs a tenth of the top one, or past all tiers. */
function saved(outcome: Partial<Outcome>, dear: Price = price(10), named = false): number {
  const tiers = { cheap: [{ provider: 'own' }], best: [{ provider: 'big' }] }
  const run = conductor({ tiers, providers: { own: { type: 'rehearsal' }, big: { type: 'rehearsal' } }, default_provider: 'own' }, [
    { provider: 'own', price: price(1) },
    { provider: 'big', price: dear },
  ])
  run.add(plan(task('a', named ? { provider: 'own' } : {})))
  run.next()
  run.end('a', { ...ANSWERED, usage: { input: 900, output: 100 }, ...outcome } as Outcome)
  run.next()
  const each = run.state.tasks.get('a')
  return each === undefined ? NaN : savedOn(each, run.state)
}

it('what starting cheap has saved is what the answer would have cost at the top, less what it has cost', () => {
  expect(saved({})).toBe(9_000)
  expect(saved({ cost_micro_usd: 12_000 })).toBe(-2_000)
})

it('nothing is said to be saved where it cannot be told', () => {
  expect(saved({ cached: true })).toBe(0)
  expect(saved({ usage: {} })).toBe(0)
  expect(saved({}, { kind: 'capped', most_micro_usd: 5 })).toBe(0)
  expect(saved({}, price(10), true)).toBe(0)
  expect(saved({ result: 'failed', kind: 'bad_request', message: 'no' })).toBe(0)
})
