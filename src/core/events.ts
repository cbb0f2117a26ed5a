import * as z from 'zod'
import { LIMITS, SHARED_LIMITS } from './budget.ts'
import { AnswerKind, GateKind, GateTimeout } from './gate.ts'
import { CheckRow, Outcome } from './outcome.ts'
import { EarlierTask, PlanFile } from './plan.ts'
import { RoutePrice } from './price.ts'
import { Correction, Reservation, Settlement } from './money.ts'
import { Question, Reply } from './question.ts'
import { Route } from './route.ts'
import { Settings } from './settings.ts'
import { FileStatus, Priority, TaskId, TaskSpec } from './task.ts'
import { Door } from './wish.ts'

/*
 * Everything that can happen, in the past tense. An event is appended once and never changed, and the
 * meaning of a stored one never changes either: a new meaning is a new type.
 */

/** What every line of `events.jsonl` begins with. */
const stamp = {
  /** Version of the event format. */
  v: z.literal(1),
  /** Counted from 1, without a gap. */
  seq: z.number().int().positive(),
  /** When it was recorded (ISO 8601, UTC). */
  at: z.iso.datetime(),
  /** The next event belongs to the same step. A log that ends here was torn, and the step never happened. */
  more: z.literal(true).optional(),
  /** What somebody handed in under a key of their own, so that it is done once, however often it comes. */
  key: z.string().optional(),
}

/** One object for all of it: stamp and body apart would be parsed twice and merged, which takes five times as long. */
const event = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) => z.object({ ...stamp, type: z.literal(type), ...shape })

const attempt = { task: TaskId, attempt: z.number().int().positive() }

export const Event = z.discriminatedUnion('type', [
  // The run
  event('run.opened', { run: z.string(), project: z.string(), version: z.string(), settings: Settings }),
  /** A conductor took the run up again; what was under way when the last one left is due once more. */
  event('run.resumed', { version: z.string(), settings: Settings }),
  /** Nothing new starts; what runs may come to its end, until then at the latest where that is said. */
  event('run.draining', { reason: z.string(), until: z.iso.datetime().optional() }),
  /** Nothing new starts; what runs is interrupted. */
  event('run.stopping', { reason: z.string() }),
  /** The conductor left while work remained: it can be resumed. */
  event('run.stopped', { reason: z.string() }),
  /** A person wants nothing new to be started; what runs goes on to its end. */
  event('run.paused', { by: z.string() }),
  event('run.unpaused', { by: z.string() }),
  /** The configuration was changed while the run goes on. `keys`: what of it, as it stands in config.json. `by`: through a door; else the file was edited. */
  event('settings.changed', { settings: Settings, prices: z.array(RoutePrice), keys: z.array(z.string()), by: z.string().optional() }),
  event('run.closed', { status: z.enum(['succeeded', 'failed', 'cancelled']) }),

  // Money
  /** Another day began, in the time zone of the budget. */
  event('day.turned', { day: z.iso.date(), ends_at: z.iso.datetime() }),
  /** What everything but this run's settlements comes to, in micro-dollars, as the ledger tells. */
  event('budget.counted', {
    elsewhere: z.object({ run: z.number().int(), project: z.number().int(), day: z.number().int(), month: z.number().int() }),
    /** What people have corrected of this run's settlements, in all; it is a part of `elsewhere`. */
    corrections: z.array(Correction).optional(),
  }),
  /** `warn_at_pct` of a limit has been spent; micro-dollars. */
  event('budget.warned', { limit: z.enum(SHARED_LIMITS), spent: z.number().int(), max: z.number().int() }),
  /** The policy at a limit is to stop: nothing more is started. */
  event('budget.stopped', { reason: z.string() }),
  event('prices.read', { prices: z.array(RoutePrice) }),

  // Providers; see `condition.ts`
  event('provider.waiting', { provider: z.string(), until: z.iso.datetime().optional(), reason: z.string() }),
  event('provider.resting', { provider: z.string(), until: z.iso.datetime(), reason: z.string() }),
  event('provider.due', { provider: z.string() }),
  event('provider.probing', { provider: z.string() }),
  event('provider.gone', { provider: z.string(), reason: z.string() }),
  event('provider.back', { provider: z.string(), reason: z.string() }),

  // Task files
  event('file.read', PlanFile.shape),
  event('filing.started', { file: z.string(), status: FileStatus }),
  event('filing.finished', { file: z.string(), status: FileStatus, path: z.string(), problem: z.string().optional() }),

  // Tasks. `rank` is the number of tasks on the longest path from this one to an end of the graph.
  event('task.added', { task: TaskSpec, rank: z.number().int().positive() }),
  /** A dependency is met by a task of an earlier run. */
  event('task.adopted', { task: TaskId, earlier: EarlierTask }),
  /** A person wants it to leave sooner or later than its file says. */
  event('task.prioritized', { task: TaskId, priority: Priority, by: z.string() }),
  event('task.revised', { task: TaskSpec, rank: z.number().int().positive() }),
  event('tasks.ranked', { ranks: z.record(z.string(), z.number().int().positive()) }),
  /** See `gate.ts`. Its name is made of the number of this event. */
  event('gate.opened', {
    task: TaskId,
    gate: GateKind,
    /** Of a budget gate and of a quota gate. */
    reason: z.string().optional(),
    /** Of a quota gate: who has nothing left. */
    providers: z.array(z.string()).optional(),
    /** Of a budget gate: the one that is in the way; none where a price is not known. */
    limit: z.enum(LIMITS).optional(),
    /** Of a question. */
    attempt: z.number().int().positive().optional(),
    question: Question.optional(),
    /** Hash of what is shown to whoever decides. */
    shown: z.string().optional(),
    timeout: GateTimeout.optional(),
  }),
  event('gate.answered', {
    task: TaskId,
    gate: z.string().optional(),
    answer: AnswerKind,
    /** Of a question. */
    reply: Reply.optional(),
    by: z.string(),
    door: Door.optional(),
    /** In the person's words: why, or what is still missing. */
    comment: z.string().optional(),
  }),
  /** A gate went away by itself: the day turned, a provider is asked again, nothing asks for it any more. */
  event('gate.lifted', { task: TaskId, reason: z.string() }),
  /** A question that no person was asked: it has been answered before, or it is settled beforehand what holds. */
  event('question.settled', { ...attempt, question: Question, reply: Reply, how: z.enum(['again', 'default', 'fail', 'limit']) }),
  /** The attempt needs no answer any more, and goes on. */
  event('question.withdrawn', attempt),
  /** The attempt that asked goes on, and is told. */
  event('question.told', attempt),
  /** A person wants no attempt of the task to be started; one that runs goes on to its end. */
  event('task.paused', { task: TaskId, by: z.string() }),
  event('task.unpaused', { task: TaskId, by: z.string() }),
  /** There is no money for the task's next attempt: is its answer in the cache? */
  event('cache.asked', { task: TaskId }),
  event('cache.told', { task: TaskId, hit: z.boolean() }),
  /** A person wants a task to end that is under way: it is interrupted, and ends like this whatever comes of it. */
  event('task.ending', { task: TaskId, status: z.enum(['skipped', 'cancelled']), by: z.string() }),
  event('task.ended', {
    task: TaskId,
    status: z.enum(['complete', 'incomplete', 'failed', 'blocked', 'skipped', 'cancelled']),
    reason: z.string().optional(),
    /** For `blocked`: the task that did not complete. */
    by: TaskId.optional(),
    /** The person who wanted it. */
    asked_by: z.string().optional(),
  }),
  /**
   * A task that had ended is to be done again: its tries and what it may cost count anew, its attempts go on being
   * numbered. `behind`: the task that a person asked for, where it was another.
   */
  event('task.reopened', { task: TaskId, by: z.string(), behind: TaskId.optional() }),

  // Attempts
  event('attempt.started', { ...attempt, route: Route, reserved: Reservation.optional(), session: z.number().int().positive().optional() }),
  event('attempt.interrupting', attempt),
  event('attempt.finished', { ...attempt, outcome: Outcome, settled: Settlement.optional() }),
  event('check.started', attempt),
  event('check.finished', { ...attempt, rows: z.array(CheckRow) }),
  /** The checks did not come to an end; they are due again. */
  event('check.interrupted', attempt),
  event('retry.scheduled', { task: TaskId, reason: z.string(), until: z.iso.datetime() }),
  event('retry.due', { task: TaskId }),
  /**
   * The task takes another route: the next of its rung after one that is down (`fallback`), the first of a
   * higher one because its answer was empty or did not pass its checks (`escalation`), the first of a lower one because money is short (`downgrade`).
   */
  event('route.changed', {
    task: TaskId,
    why: z.enum(['fallback', 'escalation', 'downgrade']),
    rung: z.number().int().nonnegative(),
    turn: z.number().int().nonnegative(),
    to: Route,
  }),
])
export type Event = z.infer<typeof Event>

/** An event before it is recorded. */
export type EventBody = BodyOf<Event>
type BodyOf<One> = One extends Event ? Omit<One, keyof typeof stamp> : never

/**
 * Makes events of the facts of one step, in their order.
 * @param seq the last number that has been given
 * @param at now (ISO 8601, UTC)
 * @param goesOn whether the step goes on with further facts
 * @param key under which the step was asked for
 */
export function stamped(bodies: readonly EventBody[], seq: number, at: string, { goesOn = false, key }: { goesOn?: boolean; key?: string | undefined } = {}): Event[] {
  const under = key === undefined ? {} : { key }
  return bodies.map((body, index) => {
    const next = seq + 1 + index
    return goesOn || index < bodies.length - 1 ? { v: 1, seq: next, at, more: true, ...under, ...body } : { v: 1, seq: next, at, ...under, ...body }
  })
}

/** The task that an event is about, if it is about one. */
export function taskOfEvent(event: Event): string | undefined {
  if (!('task' in event)) return undefined
  return typeof event.task === 'string' ? event.task : event.task.id
}
