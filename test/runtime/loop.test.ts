import { describe, expect, it } from 'vitest'
import type { Command } from '../../src/core/commands.ts'
import type { Event } from '../../src/core/events.ts'
import type { Report } from '../../src/core/intents.ts'
import { emptyState } from '../../src/core/state.ts'
import { startLoop } from '../../src/runtime/loop.ts'
import type { EventLog } from '../../src/store/store.ts'
import { ANSWERED, failure } from '../core/conductor.ts'
import { freePrices, NOTHING_ELSEWHERE } from '../core/conductor.ts'
import { plan, settings, task } from '../core/specs.ts'
import { handClock } from './hand-clock.ts'

/** A log whose flushes end when the test says so. */
function handLog(): EventLog & { events: Event[]; release: () => void; refuse: (error: Error) => void } {
  const events: Event[] = []
  let waiting: { resolve: () => void; reject: (error: Error) => void }[] = []
  let isOpen = false
  return {
    events,
    append: (event) => void events.push(event),
    durable: () => (isOpen ? Promise.resolve() : new Promise((resolve, reject) => waiting.push({ resolve, reject }))),
    flushes: () => 0,
    close: () => Promise.resolve(),
    release: () => {
      isOpen = true
      for (const { resolve } of waiting) resolve()
      waiting = []
    },
    refuse: (error) => {
      for (const { reject } of waiting) reject(error)
      waiting = []
    },
  }
}

const answer = (command: Command): Report | undefined => {
  if (command.type === 'start-attempt') return { type: 'attempt-ended', task: command.spec.id, attempt: command.attempt, outcome: ANSWERED }
  if (command.type === 'file') return { type: 'filed', file: command.file, status: command.status, path: command.path }
  return undefined
}

const SETTINGS = settings({ retries: 1 })

function begin(tasks: Parameters<typeof plan>, perform: (command: Command) => Promise<Report | undefined>) {
  const log = handLog()
  const clock = handClock('2026-11-20T12:00:00.000Z')
  const performed: Command[] = []
  const added = plan(...tasks)
  const handle = startLoop({
    state: emptyState(),
    log,
    clock,
    perform: (command) => {
      performed.push(command)
      return perform(command)
    },
    first: [
      { type: 'opened', run: 'r', project: 'p', version: '1', settings: SETTINGS, elsewhere: NOTHING_ELSEWHERE },
      { type: 'add', plan: { ...added, prices: freePrices(added, SETTINGS) } },
    ],
    listeners: [],
  })
  return { handle, log, clock, performed }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('the loop', () => {
  it('performs nothing before the event that says so is on disk', async () => {
    const { handle, log, performed } = begin([task('a')], (command) => Promise.resolve(answer(command)))
    await turn()
    expect(log.events.map(({ type }) => type)).toContain('attempt.started')
    expect(performed).toEqual([])
    log.release()
    expect((await handle.done).phase).toEqual({ phase: 'closed', status: 'succeeded' })
    expect(performed.filter(({ type }) => type === 'start-attempt')).toHaveLength(1)
  })

  it('marks the events of one step, so that a crash leaves all of them or none', async () => {
    const { handle, log } = begin([task('a')], (command) => Promise.resolve(answer(command)))
    log.release()
    await handle.done
    const types = log.events.map(({ type, more }) => (more === true ? `${type}…` : type))
    expect(types).toEqual([
      'run.opened…',
      'day.turned…',
      'budget.counted…',
      'file.read…',
      'prices.read…',
      'task.added',
      'attempt.started',
      'filing.started',
      'attempt.finished…',
      'task.ended',
      'filing.finished',
      'filing.started',
      'filing.finished',
      'run.closed',
    ])
    expect(log.events.map(({ seq }) => seq)).toEqual(log.events.map((_, index) => index + 1))
  })

  it('tries again when the time has come', async () => {
    let tries = 0
    const { handle, log, clock } = begin([task('a')], (command) => {
      if (command.type !== 'start-attempt' || ++tries > 1) return Promise.resolve(answer(command))
      return Promise.resolve({ type: 'attempt-ended', task: 'a', attempt: 1, outcome: failure('provider_down') })
    })
    log.release()
    await expect.poll(() => handle.state.tasks.get('a')?.state.status).toBe('waiting')
    clock.move(60_000)
    await handle.done
    expect(tries).toBe(2)
  })

  it('answers an intent with the refusal, if there is one', async () => {
    const { handle, log } = begin([task('a')], () => new Promise(() => {}))
    log.release()
    const refusal = await handle.send({ type: 'add', plan: plan(task('b', { depends_on: ['nobody'], file: 'b.md' })) })
    expect(refusal?.problems[0]?.message).toContain('"nobody"')
    expect(await handle.send({ type: 'add', plan: plan(task('c', { file: 'c.md' })) })).toBeUndefined()
  })

  it('tells whoever listens of what happens from then on, until they have heard enough', async () => {
    const { handle, log } = begin([task('a')], () => new Promise(() => {}))
    log.release()
    const heard: string[] = []
    const leave = handle.subscribe(({ type }, state) => heard.push(`${type} ${state.seq}`))
    await handle.send({ type: 'pause', by: 'test' })
    leave()
    await handle.send({ type: 'unpause', by: 'test' })
    expect(heard).toEqual([`run.paused ${log.events.findIndex(({ type }) => type === 'run.paused') + 1}`])
  })

  it('turns away what comes when it is over', async () => {
    const { handle, log } = begin([task('a')], (command) => Promise.resolve(answer(command)))
    log.release()
    await handle.done
    expect(await handle.send({ type: 'add', plan: plan(task('b')) })).toEqual({ problems: [{ file: 'runs/r', message: 'the run is over' }], later: true })
  })

  it('ends with the error when the disk refuses, and performs nothing more', async () => {
    const { handle, log, performed } = begin([task('a')], (command) => Promise.resolve(answer(command)))
    await turn()
    log.refuse(new Error('no space left'))
    await expect(handle.done).rejects.toThrow('no space left')
    expect(performed).toEqual([])
  })

  it('ends with the error when there is a bug in what it performs', async () => {
    const { handle, log } = begin([task('a')], () => Promise.reject(new Error('bug')))
    log.release()
    await expect(handle.done).rejects.toThrow('bug')
  })
})
