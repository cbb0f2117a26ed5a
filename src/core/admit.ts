import { attemptEnded, attemptFinished, checksEnded } from './admit-attempt.ts'
import { admitPlan } from './admit-plan.ts'
import { dayTurned, probed, timePassed } from './admit-time.ts'
import { steer } from './admit-steering.ts'
import { asked } from './asking.ts'
import { dayAt, later } from './calendar.ts'
import { endAsWished, endWithoutCompleting } from './ending.ts'
import type { EventBody } from './events.ts'
import type { Admission, Input, Intent, Report } from './intents.ts'
import type { Outcome } from './outcome.ts'
import { needsApproval } from './gate-policy.ts'
import { withLifted } from './quota.ts'
import { heldAt, taskOf, type RunState } from './state.ts'
import { isAsking, lastAttempt, isUntouched } from './task-state.ts'

/**
 * Turns an intent or a report into events. It changes nothing itself. A report about an attempt that is
 * no longer under way comes to nothing.
 * @param at now (ISO 8601, UTC)
 */
export function admit(state: RunState, input: Input, at: string): Admission {
  const admission = admitInput(state, input, at)
  // A run that is taken up looks at the day in its own time zone; one that is settled for good at none.
  const turned = input.type === 'resumed' || input.type === 'abandoned' ? [] : dayTurned(state, at)
  return turned.length === 0 ? admission : { ...admission, events: [...turned, ...admission.events] }
}

function admitInput(state: RunState, input: Input, at: string): Admission {
  switch (input.type) {
    case 'opened':
      return follows(state, opened(input, at))
    case 'resumed':
      return follows(state, resumed(state, input, at))
    case 'abandoned':
      return follows(state, abandoned(state))
    case 'add':
      return admitPlan(state, input.plan)
    case 'withdraw':
      return follows(state, withdraw(state, input.file, input.reason))
    case 'approve-all':
    case 'approve':
    case 'reject':
    case 'send-back':
    case 'answer':
    case 'skip':
    case 'cancel':
    case 'pause':
    case 'unpause':
    case 'prioritize':
    case 'retry':
    case 'retry-now':
      return steer(state, input)
    case 'stop':
      return follows(state, stop(state, input, at))
    case 'reconfigure':
      return follows(state, reconfigured(state, input))
    case 'asked':
      return follows(state, asked(state, input))
    case 'withdrawn': {
      const now = taskOf(state, input.task).state
      return follows(state, isAsking(now) && now.attempt === input.attempt ? [{ type: 'question.withdrawn', task: input.task, attempt: input.attempt }] : [])
    }
    case 'attempt-ended':
      return follows(state, attemptEnded(state, input, at))
    case 'checks-ended':
      return follows(state, checksEnded(state, input, at))
    case 'looked-up': {
      const now = taskOf(state, input.task).state
      return follows(state, now.status === 'waiting' && now.for.what === 'cache' ? [{ type: 'cache.told', task: input.task, hit: input.hit }] : [])
    }
    case 'probed':
      return follows(state, probed(state, input, at))
    case 'filed': {
      const { type: _, ...filed } = input
      return follows(state, [{ type: 'filing.finished', ...filed }])
    }
    case 'tick':
      return follows(state, timePassed(state, at))
  }
}

function follows(state: RunState, bodies: EventBody[]): Admission {
  return { events: withLifted(state, bodies) }
}

function opened({ elsewhere, ...input }: Extract<Report, { type: 'opened' }>, at: string): EventBody[] {
  return [
    { ...input, type: 'run.opened' },
    { type: 'day.turned', ...dayAt(input.settings.budget.time_zone, at) },
    { type: 'budget.counted', elsewhere },
  ]
}

function resumed(state: RunState, { version, settings, elsewhere, corrections, prices }: Extract<Report, { type: 'resumed' }>, at: string): EventBody[] {
  const day = dayAt(settings.budget.time_zone, at)
  return [...interrupted(state), { type: 'run.resumed', version, settings }, { type: 'day.turned', ...day }, { type: 'budget.counted', elsewhere, ...(corrections.length === 0 ? {} : { corrections }) }, { type: 'prices.read', prices }]
}

function abandoned(state: RunState): EventBody[] {
  const { phase } = state.phase
  return phase === 'open' || phase === 'stopping' ? [...interrupted(state), { type: 'run.stopped', reason: 'the conductor was gone' }] : []
}

const GONE = 'the conductor was gone before it ended'

/**
 * What was under way when a conductor went away. Nobody knows what it has cost: it is settled at what was set aside.
 * What a person wanted to end has ended by it.
 */
function interrupted(state: RunState): EventBody[] {
  const outcome: Outcome = { result: 'failed', kind: 'interrupted', message: GONE, duration_ms: 0 }
  const tasks = [...state.tasks.values()]
  const finished = tasks.flatMap((task) => {
    const attempt = lastAttempt(task)
    return (task.state.status === 'running' || isAsking(task.state)) && attempt !== undefined ? [attemptFinished(state, task, attempt, outcome)] : []
  })
  return [...finished, ...endAsWished(state, tasks.flatMap((task) => (task.ending === undefined ? [] : [{ task, ending: task.ending }])))]
}

function withdraw(state: RunState, file: string, reason = `${file} was deleted`): EventBody[] {
  const known = state.files.get(file)
  // What was filed away is gone from there, and a task of it may have been reopened since.
  const own = known?.path === file ? known.tasks : []
  const tasks = own.map((id) => taskOf(state, id)).filter(isUntouched)
  return endWithoutCompleting(state, tasks, { status: 'cancelled', reason })
}

/** Whoever says it twice does not want to wait. */
function stop({ phase: { phase } }: RunState, { reason, drain }: Extract<Intent, { type: 'stop' }>, at: string): EventBody[] {
  if (phase === 'draining' || (phase === 'open' && drain === undefined)) return [{ type: 'run.stopping', reason }]
  if (phase !== 'open' || drain === undefined) return []
  return [{ type: 'run.draining', reason, ...(drain.grace_ms === undefined ? {} : { until: later(at, drain.grace_ms) }) }]
}

/** What waits for an approval that is asked for no more goes on. */
function reconfigured(state: RunState, { settings, prices, keys, changed_by }: Extract<Intent, { type: 'reconfigure' }>): EventBody[] {
  const under = { ...state, settings }
  const lifted = heldAt(state, 'approval').filter((task) => !needsApproval(under, task))
  return [{ type: 'settings.changed', settings, prices, keys, ...(changed_by === undefined ? {} : { by: changed_by }) }, ...lifted.map(({ spec }): EventBody => ({ type: 'gate.lifted', task: spec.id, reason: 'the configuration asks for no approval any more' }))]
}
