import { retryNow } from './admit-time.ts'
import { answered } from './answering.ts'
import { endAsWished } from './ending.ts'
import type { EventBody } from './events.ts'
import type { Admission } from './intents.ts'
import type { Problem } from './problem.ts'
import { isAskedAgain, withLifted } from './quota.ts'
import { reopen, reopeningOf } from './reopening.ts'
import { heldAt, taskOf, type RunState } from './state.ts'
import { awayFor, branchOf, whyNot } from './steering.ts'
import { hasEnded, isUnderWay, type Ending } from './task-state.ts'
import type { Author, Wish } from './wish.ts'

/** What follows from what a person wants of a run or one of its tasks, or why it cannot be done now. */
export function steer(state: RunState, wish: Wish & Author): Admission {
  const message = whyNot(state, wish)
  if (message !== undefined) return { events: [], refusal: { problems: [problem(state, wish, message)], later: false } }
  return { events: withLifted(state, eventsOf(state, wish)) }
}

function problem({ run, tasks }: RunState, wish: Wish, message: string): Problem {
  const spec = 'task' in wish && wish.task !== undefined ? tasks.get(wish.task)?.spec : undefined
  return spec === undefined ? { file: `runs/${run}`, message } : { file: spec.file, line: spec.line, message }
}

function eventsOf(state: RunState, wish: Wish & Author): EventBody[] {
  const { by } = wish
  switch (wish.type) {
    case 'approve':
    case 'reject':
    case 'send-back':
    case 'answer': {
      const task = taskOf(state, wish.task)
      return isAskedAgain(state, task, wish.gate) ? [] : answered(state, task, wish, wish)
    }
    case 'approve-all':
      return [...heldAt(state, 'approval'), ...heldAt(state, 'review')].flatMap((task) => answered(state, task, { type: 'approve', task: task.spec.id }, wish))
    case 'skip':
      return end(state, wish, { status: 'skipped', by })
    case 'cancel':
      return end(state, wish, { status: 'cancelled', by })
    case 'retry':
      return retry(state, wish)
    case 'retry-now':
      return retryNow(state, by)
    case 'prioritize':
      return [{ type: 'task.prioritized', task: wish.task, priority: wish.priority, by }]
    case 'pause':
      if (wish.task === undefined) return [{ type: 'run.paused', by }]
      return branchOf(state, taskOf(state, wish.task), wish.descendants).flatMap(({ spec, paused }) => (paused === undefined ? [{ type: 'task.paused', task: spec.id, by }] : []))
    case 'unpause':
      if (wish.task === undefined) return [{ type: 'run.unpaused', by }]
      return branchOf(state, taskOf(state, wish.task), wish.descendants).flatMap(({ spec, paused }) => (paused === undefined ? [] : [{ type: 'task.unpaused', task: spec.id, by }]))
  }
}

/** What is under way is interrupted first: its task ends with the report of it. What ends already, as somebody else wished, does so. */
function end(state: RunState, wish: Extract<Wish, { type: 'skip' | 'cancel' }>, ending: Ending): EventBody[] {
  const tasks = branchOf(state, taskOf(state, wish.task), wish.descendants).filter((task) => task.ending === undefined)
  const later = tasks.filter(isUnderWay).map(({ spec }): EventBody => ({ type: 'task.ending', task: spec.id, ...ending }))
  const atOnce = tasks.filter((task) => !isUnderWay(task)).map((task) => ({ task, ending }))
  return [...later, ...endAsWished(state, atOnce)]
}

/** What has ended is opened again, what waits for its time does so no more; and the providers are asked that it would use. */
function retry(state: RunState, { task: id, by, descendants }: Extract<Wish, { type: 'retry' }> & Author): EventBody[] {
  const task = taskOf(state, id)
  const reopened = hasEnded(task.state.status) ? reopen(reopeningOf(state, task, descendants), id, by) : []
  const due: EventBody[] = task.state.status === 'waiting' ? [{ type: 'retry.due', task: id }] : []
  const away = awayFor(state, task).map((provider): EventBody => ({ type: 'provider.back', provider, reason: `${by} asked for it` }))
  return [...away, ...reopened, ...due]
}
