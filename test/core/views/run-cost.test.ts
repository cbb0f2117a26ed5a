import { describe, expect, it } from 'vitest'
import { costTally } from '../../../src/core/views/cost.ts'
import { ledgerLines } from '../../../src/core/views/ledger-line.ts'
import { runCost } from '../../../src/core/views/run-cost.ts'
import { ANSWERED, conductor, NOTHING_ELSEWHERE } from '../conductor.ts'
import { plan, task } from '../specs.ts'

function paidRun() {
  const run = conductor({ max_concurrent: 1 }, [{ provider: 'rehearsal', price: { kind: 'fixed', micro_usd: 100 } }])
  run.add(plan(task('a', { priority: 'high' }), task('b')))
  run.next()
  run.end('a', { ...ANSWERED, usage: { input: 10, output: 5 } })
  run.pass(1_000)
  run.next()
  return run
}

describe('what a run has cost', () => {
  it('has the figures that its lines of the ledger give', () => {
    const { state } = paidRun()
    const tally = costTally('task')
    for (const line of ledgerLines(state)) tally.add(line)
    const { report, payments } = runCost(state, 'task')
    const { rows, total } = tally.report(new Map(), undefined)
    expect({ rows: report.rows, total: report.total }).toEqual({ rows, total })
    expect(total).toMatchObject({ spent_micro_usd: 100, attempts: 1, tokens: { input: 10, output: 5 } })
    expect(payments).toEqual([{ at: Date.parse('2026-11-20T12:00:00.000Z'), micro_usd: 100 }])
  })

  it('takes in what a person has corrected', () => {
    const run = paidRun()
    run.resume({}, { ...NOTHING_ELSEWHERE, run: -40 }, [{ task: 'a', attempt: 1, micro_usd: -40 }])
    const [, first] = runCost(run.state, 'task').report.rows
    expect(first).toMatchObject({ name: 'r/a', spent_micro_usd: 60, corrected_micro_usd: -40 })
  })
})
