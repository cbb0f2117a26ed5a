import { isUsable, type Condition } from '../condition.ts'
import type { RunState } from '../state.ts'
import { attemptsAnew, letsDependentsRun, type Task, type TaskState } from '../task-state.ts'
import { formatSpan } from '../units.ts'
import { reasonInWords } from './failure-words.ts'
import { waitsInBrief } from './gate-words.ts'

/** How a reader tells the time. */
export type Clock = {
  /** Ms since 1970. */
  now: number
  /** `14:20` of a time in ms since 1970, wherever the reader is. */
  timeOfDay: (at: number) => string
}

/** So many dependencies are named. */
const MOST_NAMES = 3
/** What is sooner than this is counted down; what is later is told by the clock; ms. */
const SOON = 10 * 60_000

/** Why a task has its status, in few words; empty where the status says it all. The manifest tells it at length. */
export function whyInBrief(task: Task, state: RunState, clock: Clock): string {
  const now = task.state
  switch (now.status) {
    case 'waiting':
      return waitsFor(task, now.for, state, clock)
    case 'ready':
      if (state.paused !== undefined) return 'the run is paused'
      if (state.budget.stopped) return 'stopped at a limit of the budget'
      return providersAway(task, state, clock)
    case 'held':
      return waitsInBrief(now)
    case 'running':
    case 'checking':
      if (task.ending !== undefined) return `is being ${task.ending.status}`
      if (task.paused !== undefined) return 'pauses after this attempt'
      return attemptsAnew(task).length > 1 ? `attempt ${task.attempts.length}` : ''
    case 'complete':
      return ''
    case 'blocked':
      return now.by === '' ? now.reason : `by ${now.by}`
    case 'incomplete':
    case 'failed':
    case 'skipped':
    case 'cancelled':
      return reasonInWords(now.reason)
  }
}

function waitsFor(task: Task, what: Extract<TaskState, { status: 'waiting' }>['for'], state: RunState, clock: Clock): string {
  if (what.what === 'cache') return 'looks into the cache'
  if (task.paused !== undefined) return 'paused'
  return what.what === 'retry' ? `retry ${whenText(Date.parse(what.until), clock)}` : `needs ${missingNames(task, state)}`
}

/** `in 12s`, `at 14:20`. */
function whenText(at: number, { now, timeOfDay }: Clock): string {
  return at - now < SOON ? `in ${countdown(at - now)}` : `at ${timeOfDay(at)}`
}

const countdown = (ms: number) => formatSpan(Math.max(0, Math.ceil(ms / 1000)))

/** What has not completed of what a task depends on: `schema, docs +3`. As many as are named cost, not as many as there are. */
export function missingNames({ spec, missing }: Task, { tasks }: RunState): string {
  const names: string[] = []
  for (const id of spec.depends_on) {
    const dependency = tasks.get(id)
    if (dependency === undefined || letsDependentsRun(dependency) || names.includes(id)) continue
    names.push(id)
    if (names.length === MOST_NAMES) break
  }
  return `${names.join(', ')}${missing > names.length ? ` +${missing - names.length}` : ''}`
}

/** Why none of a ready task's providers can be used; empty where one can, and only a slot is waited for. */
function providersAway({ routes }: Task, { conditions }: RunState, clock: Clock): string {
  const [first] = routes
  if (first === undefined || routes.some(({ provider }) => isUsable(conditions.get(provider)))) return ''
  return awayText(first.provider, conditions.get(first.provider), clock)
}

function awayText(provider: string, condition: Condition | undefined, clock: Clock): string {
  switch (condition?.is) {
    case undefined:
    case 'up':
      return ''
    case 'waiting': {
      if (condition.until === undefined) return `${provider} has no quota left`
      const until = Date.parse(condition.until)
      return until - clock.now < SOON ? `${provider} asks to wait ${countdown(until - clock.now)}` : `quota until ${clock.timeOfDay(until)}`
    }
    case 'resting':
      return `${provider} is down, asked ${whenText(Date.parse(condition.until), clock)}`
    case 'due':
    case 'probing':
      return `${provider} is down, being asked`
    case 'gone':
      return `${provider} is down`
  }
}
