import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../../src/core/outcome.ts'
import { Manifest, manifestOf, manifestText } from '../../../src/core/views/manifest.ts'
import { ANSWERED, conductor, failure } from '../conductor.ts'
import { plan, task } from '../specs.ts'

const row = { rule: 'contains', expected: 'x', found: 'y', passed: false }

/** A task that answers twice, because its check fails at first. */
function twice(first: Partial<Outcome>, second: Partial<Outcome>) {
  const tariff = { rates: { input_per_mtok: 3, output_per_mtok: 15 } }
  const run = conductor({ retries: 1 }, [{ provider: 'rehearsal', price: { kind: 'tokens', tariff, source: 'config' } }])
  run.add(plan(task('a', { checks: [{ rule: 'contains', value: 'x' }] })))
  run.next()
  run.end('a', { ...ANSWERED, ...first } as Outcome)
  run.next()
  run.send({ type: 'checks-ended', task: 'a', attempt: 1, rows: [row] })
  run.next()
  run.end('a', { ...ANSWERED, ...second } as Outcome)
  run.next()
  run.send({ type: 'checks-ended', task: 'a', attempt: 2, rows: [{ ...row, passed: true }] })
  return Manifest.parse(manifestOf(run.state)).tasks[0]
}

describe('the manifest', () => {
  it('adds up the tokens and the cost of all attempts', () => {
    const answer = { usage: { input: 10, output: 5 } }
    expect(twice(answer, answer)).toMatchObject({ attempts: 2, tokens: { input: 20, output: 10 }, cost_usd: 0.00021, cost_micro_usd: 210 })
    expect(twice({ cost_micro_usd: 1_500 }, answer)).toMatchObject({ cost_micro_usd: 1_605, spending: [{ provider: 'rehearsal', attempts: 2, cost_micro_usd: 1_605, passed: true }] })
  })

  it('says that a cost is an estimate when an attempt did not say: unknown is never zero', () => {
    const silent = twice({ cost_micro_usd: 1_500 }, {})
    expect(silent?.estimated).toBe(true)
    // At least its 1,000 output tokens, which it might have used.
    expect(silent?.cost_micro_usd).toBeGreaterThan(1_500 + 15_000)
    expect(twice({}, {})).not.toHaveProperty('tokens')
  })

  it('tells a file once that several attempts wrote, as it is now', () => {
    const file = (sha: string, size: number) => ({ path: 'outputs/a/x.md', sha256: sha.repeat(64), size, media_type: 'text/markdown', written: 'new' as const })
    const run = conductor({ retries: 1 })
    run.add(plan(task('a', { checks: [{ rule: 'contains', value: 'x' }] })))
    for (const [attempt, record] of [file('1', 3), file('2', 4)].entries()) {
      run.next()
      run.end('a', { ...ANSWERED, files: [record] })
      run.next()
      run.send({ type: 'checks-ended', task: 'a', attempt: attempt + 1, rows: [{ ...row, passed: attempt === 1 }] })
    }
    expect(manifestOf(run.state).files).toEqual([{ ...file('2', 4), task: 'a' }])
  })

  it('says why a task did not complete, and what it waits for', () => {
    const run = conductor({ max_concurrent: 3, retries: 1 })
    run.add(plan(task('bad'), task('shaky'), task('held', { requires_approval: true }), task('behind', { depends_on: ['bad'] })))
    run.next()
    run.end('bad', failure('bad_request'))
    run.end('shaky', failure('provider_down'))
    const reasons = Object.fromEntries(manifestOf(run.state).tasks.map(({ id, reason }) => [id, reason]))
    expect(reasons).toMatchObject({ bad: 'it was bad_request', held: 'waits for approval', behind: '"bad" failed' })
    expect(reasons['shaky']).toMatch(/^next try at 2026-11-20 12:00:0\d UTC: the provider is down: it was provider_down$/)
  })
})

describe('its file', () => {
  it('says the same, with a line of its own for each task and each file', () => {
    const run = conductor()
    run.add(plan(task('a'), task('b', { depends_on: ['a'], title: 'says "b"' })))
    const texts = [manifestText(run.state)]
    run.next()
    run.end('a', { ...ANSWERED, output: { path: 'outputs/a/output.md', sha256: 'a'.repeat(64), size: 3, media_type: 'text/markdown', written: 'new' } })
    texts.push(manifestText(run.state))
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({ files: [], tasks: [{ id: 'a' }, { id: 'b' }] })
    expect(JSON.parse(texts[1] ?? '')).toEqual(manifestOf(run.state))
    expect(texts[1]?.split('\n').filter((line) => /"id":"[ab]"|"path":"outputs/.test(line))).toHaveLength(3)
  })
})
