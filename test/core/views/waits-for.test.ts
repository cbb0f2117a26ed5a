import { describe, expect, it } from 'vitest'
import { taskOf } from '../../../src/core/state.ts'
import { waitsFor } from '../../../src/core/views/waits-for.ts'
import { conductor, failure } from '../conductor.ts'
import { plan, task } from '../specs.ts'

function waits(core: ReturnType<typeof conductor>, id: string): string {
  return waitsFor(taskOf(core.state, id), core.state)
}

describe('what a task waits for', () => {
  it('names the tasks before it that have not completed', () => {
    const core = conductor()
    core.add(plan(task('architect'), task('schema'), task('builder', { depends_on: ['architect', 'schema'] })))
    expect(waits(core, 'builder')).toBe('waits for architect, schema')
    core.starts()
    core.end('architect')
    core.starts()
    expect(waits(core, 'builder')).toBe('waits for schema')
  })

  it('counts those that are too many to name', () => {
    const ids = Array.from({ length: 8 }, (_, index) => `t${index}`)
    const core = conductor()
    core.add(plan(...ids.map((id) => task(id)), task('last', { depends_on: ids })))
    expect(waits(core, 'last')).toBe('waits for t0, t1, t2 +5')
  })

  it('says that it is its turn that is waited for, approval, or who failed', () => {
    const core = conductor({ max_concurrent: 1 })
    core.add(plan(task('a'), task('b'), task('careful', { requires_approval: true }), task('after', { depends_on: ['a'] })))
    core.starts()
    expect(waits(core, 'b')).toBe('waits for its turn')
    expect(waits(core, 'careful')).toBe('waits for approval')
    core.end('a', failure('broken'))
    core.starts()
    expect(core.status('after')).toBe('blocked')
    expect(waits(core, 'after')).toContain('"a"')
  })
})
