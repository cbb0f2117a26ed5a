import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { taskFilter } from '../../../src/core/views/filter.ts'
import { conductor, failure } from '../conductor.ts'
import { plan, task } from '../specs.ts'

/** `fix-login` has failed, `write-docs` runs on the tier `dear`, `fix-logout` waits for both. */
const { state } = (() => {
  const run = conductor({ max_concurrent: 2, tiers: { cheap: [{ provider: 'rehearsal', model: 'small' }], dear: [{ provider: 'rehearsal', model: 'Large' }] } })
  run.add(
    plan(
      task('fix-login', { title: 'Nobody can log in', type: 'fix', file: 'one.md' }),
      task('write-docs', { title: 'The MANUAL', type: 'docs', tier: 'dear' }),
      task('fix-logout', { type: 'fix', depends_on: ['write-docs'] }),
    ),
  )
  run.next()
  run.end('fix-login', failure('bad_request'))
  run.next()
  return run
})()
const shown = (typed: string) => [...state.tasks.values()].filter(taskFilter(typed).shows).map(({ spec }) => spec.id)
const all = ['fix-login', 'write-docs', 'fix-logout']

describe('a filter of tasks', () => {
  it.each([
    ['', all],
    ['   ', all],
    ['log', ['fix-login', 'fix-logout']],
    ['manual', ['write-docs']],
    ['log nobody', ['fix-login']],
    ['/^fix.*t$/', ['fix-logout']],
    ['/MANUAL|login/', ['fix-login', 'write-docs']],
    ['/can log/', ['fix-login']],
    ['status:failed', ['fix-login']],
    ['status:fail,run', ['fix-login', 'write-docs']],
    ['status:waiting type:fix', ['fix-logout']],
    ['type:docs', ['write-docs']],
    ['tier:dear', ['write-docs']],
    ['model:large', ['write-docs']],
    ['provider:rehearsal', all],
    ['file:one', ['fix-login']],
    ['-log', ['write-docs']],
    ['-status:failed', ['write-docs', 'fix-logout']],
    ['-/out$/ -type:docs', ['fix-login']],
    ['nothing:like', []],
  ])('shows by %j what it says', (typed, ids) => {
    expect(shown(typed)).toEqual(ids)
    expect(taskFilter(typed).problem).toBeUndefined()
  })

  it('hides nothing while a word is only begun', () => {
    for (const typed of ['status:', 'type:', '/', '//', '-', '-/', '-status:']) expect(shown(typed), typed).toEqual(all)
  })

  it('says what it cannot understand, and shows everything', () => {
    expect(taskFilter('/[/').problem).toBe('/[/ is no regular expression')
    expect(taskFilter('status:broken').problem).toBe('no status begins with "broken"')
    for (const typed of ['/[/', 'log /(/', 'status:broken', '-status:x']) expect(shown(typed)).toEqual(all)
  })

  it('takes whatever is typed', () => {
    fc.assert(fc.property(fc.string(), (typed) => void shown(typed)))
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('/', '\\', '-', '[', 'a', ':', ' ', 'status:') }), (typed) => void shown(typed)))
  })
})
