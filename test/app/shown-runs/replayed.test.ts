import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replay, type Speed } from '../../../src/app/shown-runs/replayed.ts'
import type { Player } from '../../../src/app/screen.ts'
import type { Event } from '../../../src/core/events.ts'
import { reduce } from '../../../src/core/reduce.ts'
import { emptyState } from '../../../src/core/state.ts'
import { plan, task } from '../../core/specs.ts'
import { conductor } from '../../core/conductor.ts'
import { handClock } from '../../runtime/hand-clock.ts'
import { anyLog, FOLDER, logAt } from './recording.ts'

/** A replay that someone looks at, and the events that they were told of. */
function watched(events: readonly Event[], speed: Speed = 10) {
  const clock = handClock()
  const run = replay(FOLDER, events, speed, clock)
  const heard: number[] = []
  let jumps = 0
  const leave = run.subscribe((event, state) => {
    expect(state).toBe(run.state)
    heard.push(event.seq)
  })
  run.player.onJump(() => jumps++)
  return { run, clock, heard, leave, jumps: () => jumps, played: () => run.player.playback }
}

const foldOf = (events: readonly Event[], count: number) => events.slice(0, count).reduce(reduce, emptyState())

/** Nothing of an event may be changed by whoever folds it: states at several moments share it. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}

describe('any moves in any replay', () => {
  const moves = ['toggle', 'faster', 'slower', 'back', 'forth', 'start', 'end'] as const satisfies readonly (keyof Player)[]
  const anyMove = fc.oneof(
    fc.record({ move: fc.constantFrom(...moves) }),
    fc.record({ to: fc.double({ min: -0.1, max: 1.1, noNaN: true }) }),
    fc.record({ wait: fc.constantFrom(1, 39, 40, 500, 60_000) }),
  )

  it('show what had happened by then, and nothing else', () => {
    fc.assert(
      fc.property(anyLog, fc.array(anyMove, { maxLength: 30 }), (log, given) => {
        const events = frozen(log)
        const whole = events.findLastIndex(({ more }) => more === undefined) + 1
        const { run, clock } = watched(events)
        const { player } = run
        const [first = 0, last = 0] = [events[0], events[whole - 1]].map((event) => Date.parse(event?.at ?? ''))
        for (const each of given) {
          if ('move' in each) player[each.move]()
          else if ('to' in each) player.to(first + each.to * (last - first))
          else clock.move(each.wait)
          expect(run.state).toEqual(foldOf(events, run.state.seq))
          const { step, steps, done } = player.playback
          expect(events.slice(0, run.state.seq).filter(({ more }) => more === undefined)).toHaveLength(step)
          expect(run.state.seq <= whole && step >= 1 && step <= steps && done >= 0 && done <= 1).toBe(true)
          expect(run.now()).toBeGreaterThanOrEqual(first)
          expect(run.now()).toBeLessThanOrEqual(last)
        }
        player.end()
        expect(run.state).toEqual(foldOf(events, whole))
      }),
      { numRuns: 150 },
    )
  })
})

describe('a run that is played', () => {
  it('stands at its first step until it is played, and passes ten times as fast as it was', () => {
    const { run, clock, heard, played } = watched(logAt(0, 1000, 3000))
    clock.move(60_000)
    expect(played()).toMatchObject({ isPlaying: false, step: 1, steps: 3, elapsed_ms: 0, total_ms: 3000 })
    run.player.toggle()
    clock.move(99)
    expect(heard).toEqual([])
    expect(played().elapsed_ms).toBe(990)
    clock.move(1)
    expect(heard).toHaveLength(1)
    clock.move(200)
    expect(played()).toMatchObject({ isPlaying: false, step: 3, done: 1 })
    expect(run.now()).toBe(Date.parse('2026-11-20T12:00:03.000Z'))
  })

  it('shortens a long wait, says so, and lets its time pass faster', () => {
    const { run, clock, played } = watched(logAt(0, 1000, 3_601_000))
    run.player.toggle()
    clock.move(100)
    expect(played().waits).toBe('shortened now')
    clock.move(250)
    expect(played().elapsed_ms).toBe(1000 + 1_800_000)
    clock.move(250)
    expect(played()).toMatchObject({ step: 3, elapsed_ms: 3_601_000, waits: 'shortened' })
  })

  it('goes faster and slower, as far as that goes, from where it is', () => {
    const { run, clock, played } = watched(logAt(0, 4000, 8000), 1)
    run.player.slower()
    run.player.toggle()
    clock.move(1000)
    run.player.faster()
    expect(played()).toMatchObject({ speed: 2, elapsed_ms: 1000 })
    clock.move(1000)
    expect(played()).toMatchObject({ elapsed_ms: 3000, isPlaying: true })
    for (let times = 0; times < 10; times++) run.player.faster()
    expect(played().speed).toBe(100)
  })

  it('goes step by step, tells of a step forth, and says when it has gone elsewhere', () => {
    const { run, heard, jumps, played } = watched(logAt(0, 1000, 2000, 3000))
    run.player.forth()
    expect([heard.length, jumps(), played().step]).toEqual([1, 0, 2])
    run.player.back()
    expect([heard.length, jumps(), played().step]).toEqual([1, 1, 1])
    run.player.to(Date.parse('2026-11-20T12:00:02.500Z'))
    expect([heard.length, jumps(), played().step]).toEqual([1, 2, 3])
  })

  it('stops at a step that is asked for while it plays', () => {
    const { run, clock, played } = watched(logAt(0, 1000, 2000, 3000))
    run.player.toggle()
    clock.move(150)
    run.player.forth()
    clock.move(60_000)
    expect(played()).toMatchObject({ isPlaying: false, step: 3, elapsed_ms: 2000 })
  })

  it('goes on playing from where it was taken to, and from the beginning once it is over', () => {
    const { run, clock, played } = watched(logAt(0, 1000, 2000, 3000))
    run.player.toggle()
    run.player.end()
    expect(played().isPlaying).toBe(false)
    run.player.toggle()
    expect(played()).toMatchObject({ isPlaying: true, step: 1 })
    clock.move(100)
    run.player.to(Date.parse('2026-11-20T12:00:02.000Z'))
    clock.move(50)
    expect(played()).toMatchObject({ isPlaying: true, step: 3, elapsed_ms: 2500 })
  })

  it('stops when nobody looks any more', () => {
    const { run, clock, leave } = watched(logAt(0, 1000, 2000))
    run.player.toggle()
    leave()
    expect(clock.waiting()).toBe(0)
  })

  it('leaves out what is not the whole of a step at its end', () => {
    const events = logAt(0, 1000)
    const { run, played } = watched([...events.slice(0, -1), ...events.slice(-1).map((event) => ({ ...event, more: true as const }))])
    run.player.end()
    expect(played().steps).toBe(1)
    expect(run.state.seq).toBe(events.length - 1)
  })

  it('marks what failed and what a person decided', () => {
    const run = conductor()
    run.add(plan(task('a'), task('b', { requires_approval: true })))
    run.next()
    run.pass(1000)
    run.end('a', { result: 'failed', kind: 'bad_request', message: 'no', duration_ms: 1 })
    run.next()
    run.pass(3000)
    run.send({ type: 'approve', task: 'b', by: 'test' })
    run.next()
    const { marks } = watched(run.log).run.player.playback
    expect(marks).toEqual([
      { at: 0.25, is: 'failed' },
      { at: 1, is: 'decided' },
    ])
  })
})

describe('a run of 100,000 events', () => {
  it('is taken to any moment within 50 ms', () => {
    const { run, played } = watched(longLog(100_000))
    const { steps } = played()
    run.player.end()
    const began = Date.parse('2026-11-20T12:00:00.000Z')
    const took = Array.from({ length: 20 }, (_, index) => {
      const start = process.cpuUsage()
      run.player.to(began + ((index * 7919) % steps))
      return process.cpuUsage(start).user / 1000
    })
    // The usual jump, in the time of a processor: that others are at work meanwhile says nothing.
    expect(took.toSorted((a, b) => a - b)[10]).toBeLessThan(50)
  })
})

/** Thousands of tasks, one attempt each, a millisecond between the events. */
function longLog(events: number): Event[] {
  const tasks = events / 20
  const run = conductor()
  run.add(plan(...Array.from({ length: tasks }, (_, index) => task(`t${index}`))))
  const log = run.log.slice()
  const at = (index: number) => new Date(Date.parse('2026-11-20T12:00:00.000Z') + index).toISOString()
  for (let index = 0; log.length < events; index++) {
    const id = `t${index % tasks}`
    const attempt = Math.floor(index / tasks) + 1
    const stamp = () => ({ v: 1 as const, seq: log.length + 1, at: at(log.length) })
    log.push({ ...stamp(), type: 'attempt.started', task: id, attempt, route: { provider: 'rehearsal', reason: 'test' } })
    log.push({ ...stamp(), type: 'attempt.finished', task: id, attempt, outcome: { result: 'failed', kind: 'timeout', message: 'too slow', duration_ms: 1 } })
    log.push({ ...stamp(), type: 'retry.scheduled', task: id, reason: 'timeout', until: at(log.length) })
    log.push({ ...stamp(), type: 'retry.due', task: id })
  }
  return log
}
