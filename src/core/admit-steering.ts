import { endAsWished } from './ending.ts'
import type { EventBody } from './events.ts'
import type { Admission } from './intents.ts'
import type { Problem } from './problem.ts'
import { reopen, reopeningOf } from './reopening.ts'
import { taskOf, type RunState } from './state.ts'
import { awayFor, whyNot, type Steering } from './steering.ts'
import { hasEnded, isUnderWay, type Ending } from './task-state.ts'

/** What follows from what a person wants of a run or one of its tasks, or why it cannot be done now. */
export function steer(state: RunState, intent: Steering): Admission {
  const message = whyNot(state, intent)
  if (message !== undefined) return { events: [], refusal: { problems: [problem(state, intent, message)], later: false } }
  return { events: eventsOf(state, intent) }
}

function problem({ run, tasks }: RunState, { task }: Steering, message: string): Problem {
  const spec = task === undefined ? undefined : tasks.get(task)?.spec
  return spec === undefined ? { file: `runs/${run}`, message } : { file: spec.file, line: spec.line, message }
}

function eventsOf(state: RunState, intent: Steering): EventBody[] {
  const { by } = intent
  switch (intent.type) {
    case 'approve':
      return [{ type: 'gate.answered', task: intent.task, answer: 'approved', by }]
    case 'skip':
      return end(state, intent.task, { status: 'skipped', by })
    case 'cancel':
      return end(state, intent.task, { status: 'cancelled', by })
    case 'retry':
      return retry(state, intent)
    case 'pause':
      return [intent.task === undefined ? { type: 'run.paused', by } : { type: 'task.paused', task: intent.task, by }]
    case 'unpause':
      return [intent.task === undefined ? { type: 'run.unpaused', by } : { type: 'task.unpaused', task: intent.task, by }]
  }
}

/** What is under way is interrupted first: its task ends with the report of it. */
function end(state: RunState, id: string, ending: Ending): EventBody[] {
  const task = taskOf(state, id)
  return isUnderWay(task) ? [{ type: 'task.ending', task: id, ...ending }] : endAsWished(state, [{ task, ending }])
}

/** What has ended is opened again, what waits for its time does so no more; and the providers are asked that it would use. */
function retry(state: RunState, { task: id, by, descendants }: Extract<Steering, { type: 'retry' }>): EventBody[] {
  const task = taskOf(state, id)
  const reopened = hasEnded(task.state.status) ? reopen(reopeningOf(state, task, descendants), id, by) : []
  const due: EventBody[] = task.state.status === 'waiting' ? [{ type: 'retry.due', task: id }] : []
  const away = awayFor(state, task).map((provider): EventBody => ({ type: 'provider.back', provider, reason: `${by} asked for it` }))
  return [...away, ...reopened, ...due]
}
