import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ShownRun } from '../../../src/app/screen.ts'
import type { RunState } from '../../../src/core/state.ts'
import { QUEUE_SORTS } from '../../../src/core/views/queue-order.ts'
import { queueModel } from '../../../src/tui/models/queue.ts'
import { totalsOf } from '../../../src/tui/models/totals.ts'
import { anyCourse, playCourse } from '../../core/any-run.ts'
import { conductor } from '../../core/conductor.ts'
import { plan, task } from '../../core/specs.ts'

type Conductor = ReturnType<typeof conductor>
const shownOf = (run: Conductor): ShownRun => ({ is: 'live', get state() { return run.state } }) as unknown as ShownRun
const PLAIN = { filter: '', sort: 'need', reversed: false } as const

/** A run of so many tasks that wait for nobody. */
function runOf(count: number) {
  const run = conductor({ max_concurrent: 8 })
  run.add(plan(...Array.from({ length: count }, (_, index) => task(`t${index}`))))
  const model = queueModel(shownOf(run))
  let told = 0
  return {
    run,
    model,
    arrange: () => {
      for (const event of run.log.slice(told)) model.touch(event, run.state)
      told = run.log.length
      model.arrange(PLAIN)
      return model
    },
  }
}

describe('the queue, kept in step', () => {
  const anyArrangement = fc.record({ filter: fc.constantFrom('', 'type:fix', '-status:complete', '/t[0-4]/', 'status:running,waiting tier:local'), sort: fc.constantFrom(...QUEUE_SORTS), reversed: fc.boolean() })

  it('is the same as sorted, filtered and counted from scratch, after any events', () => {
    fc.assert(
      fc.property(anyCourse, fc.array(anyArrangement, { minLength: 1, maxLength: 2 }), (course, arrangements) => {
        let kept: ReturnType<typeof queueModel> | undefined
        let told = 0
        let turn = 0
        playCourse(course, (run) => {
          kept ??= queueModel(shownOf(run))
          for (const event of run.log.slice(told)) kept.touch(event, run.state)
          told = run.log.length
          const how = arrangements[Math.floor(turn++ / 5) % arrangements.length] ?? PLAIN
          kept.arrange(how)
          const fresh = queueModel(shownOf(run))
          fresh.arrange(how)
          expect(kept.ids()).toEqual(fresh.ids())
          expect(kept.places()).toEqual(fresh.places())
          expect(kept.count()).toBe(kept.ids().length)
        })
      }),
      { numRuns: 300 },
    )
  })

  it('and so is what the run has saved, and how long it may still take', () => {
    fc.assert(
      fc.property(anyCourse, (course) => {
        let kept: ReturnType<typeof totalsOf> | undefined
        let told = 0
        playCourse(course, (run) => {
          kept ??= totalsOf(shownOf(run))
          for (const event of run.log.slice(told)) kept.touch(event, run.state)
          told = run.log.length
          const fresh = totalsOf(shownOf(run))
          const now = Date.parse(run.now())
          expect(kept.saved()).toBe(fresh.saved())
          const [left, again] = [kept.left(now), fresh.left(now)]
          if (left === undefined || again === undefined) expect(left).toBe(again)
          else expect(left).toBeCloseTo(again, 3)
        })
      }),
      { numRuns: 200 },
    )
  })

  it('asks for the tasks that an event is about, and never walks through all of them again', () => {
    const run = conductor({ max_concurrent: 8 })
    run.add(plan(...Array.from({ length: 1_000 }, (_, index) => task(`t${index}`))))
    const asked: string[] = []
    let walks = 0
    const { tasks } = run.state
    const watched = {
      size: tasks.size,
      get: (id: string) => (asked.push(id), tasks.get(id)),
      values: () => (walks++, tasks.values()),
      keys: () => (walks++, tasks.keys()),
    }
    const state: RunState = Object.assign(Object.create(run.state) as RunState, { tasks: watched })
    const model = queueModel({ is: 'live', state } as unknown as ShownRun)
    const totals = totalsOf({ is: 'live', state } as unknown as ShownRun)
    model.arrange(PLAIN)
    totals.saved()
    walks = 0
    asked.length = 0
    let told = run.log.length
    for (let round = 0; round < 100; round++) {
      for (const id of run.starts()) run.end(id)
      for (const event of run.log.slice(told)) for (const each of [model, totals]) each.touch(event, state)
      told = run.log.length
      model.arrange(PLAIN)
      model.window('t500', 30)
      totals.left(Date.parse(run.now()))
    }
    expect(run.log.length).toBeGreaterThan(2_000)
    expect(walks).toBe(0)
    expect(asked.length).toBeLessThan(3 * run.log.length)
  })
})

describe('the window on the queue', () => {
  it('keeps the selected task in sight, and moves no further than that takes', () => {
    const { arrange } = runOf(100)
    const model = arrange()
    const ids = model.ids()
    expect(model.window(ids[0], 10)).toBe(0)
    expect(model.window(ids[8], 10)).toBe(0)
    expect(model.window(ids[9], 10)).toBe(1)
    expect(model.window(ids[50], 10)).toBe(42)
    expect(model.window(ids[45], 10)).toBe(42)
    expect(model.window(ids[99], 10)).toBe(90)
    expect(model.window(ids[0], 10)).toBe(0)
  })

  it('goes with the selected task when the order changes under it', () => {
    const { run, model, arrange } = runOf(50)
    run.next()
    arrange()
    const selected = model.ids()[0] ?? ''
    expect(model.window(selected, 10)).toBe(0)
    run.end(selected)
    run.next()
    arrange()
    const at = model.ids().indexOf(selected)
    const first = model.window(selected, 10)
    expect(at).toBeGreaterThan(10)
    expect(at).toBeGreaterThanOrEqual(first)
    expect(at).toBeLessThan(first + 10)
  })

  it('has no rows below the last one, and holds any height', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 30 }), fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), (count, rows, picks) => {
        const model = runOf(count).arrange()
        for (const pick of picks) {
          const at = pick % count
          const first = model.window(model.ids()[at], rows)
          expect(first).toBeGreaterThanOrEqual(0)
          expect(first).toBeLessThanOrEqual(Math.max(0, count - rows))
          expect(at >= first && at < first + rows).toBe(true)
        }
      }),
    )
  })
})
