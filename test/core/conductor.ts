import { admit } from '../../src/core/admit.ts'
import type { Command } from '../../src/core/commands.ts'
import { decide, issued } from '../../src/core/decide.ts'
import type { Event, EventBody } from '../../src/core/events.ts'
import type { Input, Refusal } from '../../src/core/intents.ts'
import type { Outcome } from '../../src/core/outcome.ts'
import type { Correction } from '../../src/core/money.ts'
import type { Plan } from '../../src/core/plan.ts'
import type { RoutePrice } from '../../src/core/price.ts'
import { possibleRoutes } from '../../src/core/route.ts'
import { reduce } from '../../src/core/reduce.ts'
import type { Settings } from '../../src/core/settings.ts'
import { emptyState } from '../../src/core/state.ts'
import { plan, settings } from './specs.ts'

export const ANSWERED = { result: 'answered', finish: 'stop', duration_ms: 1 } as const satisfies Outcome
export const failure = (kind: Extract<Outcome, { result: 'failed' }>['kind']): Outcome => ({
  result: 'failed',
  kind,
  message: `it was ${kind}`,
  duration_ms: 1,
})

/** The core with a hand on it instead of a runtime: inputs go in, commands come out, time stands still until it is moved. */
export const NOTHING_ELSEWHERE = { run: 0, project: 0, day: 0, month: 0 }

export function conductor(given: Partial<Settings> = {}, prices?: RoutePrice[]) {
  const log: Event[] = []
  /** How long the log was after each step. */
  const steps: number[] = []
  let state = emptyState()
  let now = Date.parse('2026-11-20T12:00:00.000Z')

  function record(bodies: readonly EventBody[]): void {
    for (const body of bodies) {
      const event: Event = { v: 1, seq: state.seq + 1, at: new Date(now).toISOString(), ...body }
      log.push(event)
      state = reduce(state, event)
    }
    if (bodies.length > 0) steps.push(log.length)
  }

  function send(input: Input): Refusal | undefined {
    const { events, refusal } = admit(state, input, new Date(now).toISOString())
    record(events)
    return refusal
  }

  function next(): Command[] {
    const commands: Command[] = []
    for (let command = decide(state); command !== undefined; command = decide(state)) {
      record(issued(state, command))
      commands.push(command)
    }
    return commands
  }

  send({ type: 'opened', run: 'r', project: 'p', version: '1', settings: settings(given), elsewhere: NOTHING_ELSEWHERE })
  return {
    log,
    get state() {
      return state
    },
    send,
    add: (plan: Plan) => send({ type: 'add', plan: { ...plan, prices: prices ?? freePrices(plan, settings(given)) } }),
    /**
     * The conductor is killed. What had not been flushed is lost, step by step; what was performed had been.
     * @param part how much of it, from 0 to 1
     */
    crash: (part: number) => {
      // A run opens with its plan in one step.
      const performed = log.findLastIndex(({ type }) => type === 'attempt.started' || type === 'task.added') + 1
      const kept = steps.filter((end) => end >= performed)
      const end = kept[Math.floor((1 - part) * (kept.length - 1))] ?? log.length
      log.length = end
      while ((steps.at(-1) ?? 0) > end) steps.pop()
      state = log.reduce(reduce, emptyState())
    },
    /** A new conductor takes the run up, with other settings or the same. */
    resume: (changed: Partial<Settings> = {}, elsewhere = NOTHING_ELSEWHERE, corrections: Correction[] = []) => {
      const now = settings({ ...given, ...changed })
      const specs = [...state.tasks.values()].map(({ spec }) => spec)
      return send({ type: 'resumed', version: '1', settings: now, elsewhere, corrections, prices: prices ?? freePrices(plan(...specs), now) })
    },
    /** All that is to be done now. */
    next,
    /** The ids of the attempts that start now, in order. */
    starts: () => next().flatMap((command) => (command.type === 'start-attempt' ? [command.spec.id] : [])),
    /** Ends the attempt that a task has under way. */
    end: (task: string, outcome: Outcome = ANSWERED) => {
      const attempt = state.tasks.get(task)?.attempts.length ?? 0
      return send({ type: 'attempt-ended', task, attempt, outcome })
    },
    status: (task: string) => state.tasks.get(task)?.state.status,
    /** Moves the clock and tells the core. */
    pass: (ms: number) => {
      now += ms
      send({ type: 'tick' })
    },
    now: () => new Date(now).toISOString(),
    replay: () => log.reduce(reduce, emptyState()),
  }
}

/** Where a test is about something else than money, nothing costs any. */
export function freePrices({ tasks }: Plan, settings: Settings): RoutePrice[] {
  return tasks.flatMap((spec) => possibleRoutes(spec, settings)).map((route) => ({ ...route, price: { kind: 'free' } }))
}
