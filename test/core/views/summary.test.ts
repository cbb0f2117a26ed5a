import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../../src/core/outcome.ts'
import { manifestOf } from '../../../src/core/views/manifest.ts'
import { summarize } from '../../../src/core/views/summary.ts'
import { ANSWERED, conductor, failure } from '../conductor.ts'
import { plan, task } from '../specs.ts'

const file = (path: string) => ({ path, sha256: '0'.repeat(64), size: 3, media_type: 'text/markdown', written: 'new' as const })

function ended(ends: Record<string, Outcome>) {
  const run = conductor({ max_concurrent: 100 })
  run.add({ ...plan(...Object.keys(ends).map((id) => task(id))), files: [] })
  run.next()
  for (const [id, outcome] of Object.entries(ends)) run.end(id, outcome)
  run.next()
  return summarize(manifestOf(run.state))
}

describe('the end of the page', () => {
  it('points to the files that were asked for by name', () => {
    const answer = { ...ANSWERED, output: file('outputs/a/output.md'), files: [file('outputs/a/report.md')] }
    expect(ended({ a: answer })).toMatchObject({ headline: '1 complete in 0.0 s', results: ['outputs/a/report.md'], unfinished: [], unnamed: 0 })
  })

  it('points to the last answer when no file was asked for', () => {
    const answers = { a: { ...ANSWERED, output: file('outputs/a/output.md') }, b: { ...ANSWERED, output: file('outputs/b/output.md') } }
    expect(ended(answers).results).toEqual(['outputs/b/output.md'])
  })

  it('says beside rehearsed results that no model was called', () => {
    expect(ended({ a: { ...ANSWERED, output: file('outputs/a/output.md') } }).label).toBe('rehearsal: no model was called (1 task)')
    expect(ended({ a: ANSWERED }).label).toBeUndefined()
  })

  it('names what did not complete, the first of them, and counts the rest', () => {
    const ids = Array.from({ length: 10 }, (_, index) => `t${index}`)
    const { unfinished, unnamed, look_at } = ended(Object.fromEntries(ids.map((id) => [id, failure('bad_request')])))
    expect(unfinished[0]).toEqual({ id: 't0', status: 'failed', reason: 'it was bad_request' })
    expect([unfinished.length, unnamed, look_at]).toEqual([8, 2, 't0'])
  })

  it('cuts reasons that are pages long', () => {
    const long: Outcome = { result: 'failed', kind: 'auth', message: 'x'.repeat(5_000), duration_ms: 1 }
    expect(ended({ a: long }).unfinished[0]?.reason.length).toBeLessThanOrEqual(600)
  })
})
