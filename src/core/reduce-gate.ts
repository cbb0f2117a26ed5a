import { later } from './calendar.ts'
import type { Event } from './events.ts'
import { gateId } from './gate.ts'
import type { Reply } from './question.ts'
import { giveBack, move } from './reduce-task.ts'
import { taskOf, type RunState } from './state.ts'
import { lastAttempt, type HeldState, type Task } from './task-state.ts'

type GateEvent = Extract<Event, { type: `gate.${string}` | `question.${string}` }>
type Opened = Extract<Event, { type: 'gate.opened' }>
type Answered = Extract<Event, { type: 'gate.answered' }>

/** Takes gates, and what people decide at them, into the state. */
export function reduceGate(state: RunState, event: GateEvent): void {
  const task = taskOf(state, event.task)
  switch (event.type) {
    case 'gate.opened': {
      const held = heldAtGate(event)
      state.gates.set(held.id, { id: held.id, task: event.task, gate: held.gate, shown: held.shown, end: undefined })
      const attempt = lastAttempt(task)
      if (event.gate === 'question' && attempt !== undefined) attempt.asked = (attempt.asked ?? 0) + 1
      move(state, task, held, event.at)
      return
    }
    case 'gate.answered':
      answerGate(state, task, event)
      return
    case 'gate.lifted':
      task.cached = undefined
      move(state, task, { status: 'ready' }, event.at)
      return
    case 'question.settled':
      state.toTell.set(event.task, event.how === 'fail' ? 'fail' : event.reply)
      if (event.how === 'default') task.replies = [...task.replies, { question: event.question, reply: event.reply }]
      return
    // It goes on whether there is room for it or not: nobody has asked us.
    case 'question.withdrawn':
    case 'question.told':
      tell(state, task, event.attempt, event.at)
      return
  }
}

function heldAtGate({ seq, at: since, gate, reason = '', limit, providers = [], attempt = 1, question, shown = '', timeout }: Opened): Exclude<HeldState, { gate: 'paused' }> {
  const due = timeout === undefined ? undefined : { at: later(since, timeout.after_s * 1000), does: timeout.does }
  const common = { status: 'held' as const, id: gateId(seq), shown, since, due }
  switch (gate) {
    case 'approval':
    case 'review':
      return { ...common, gate }
    case 'budget':
      return { ...common, gate, limit, reason }
    case 'quota':
      return { ...common, gate, providers, reason }
    case 'question':
      if (question === undefined) throw new Error('bug: a question was asked without words')
      return { ...common, gate, attempt, live: true, question, reply: undefined }
  }
}

function answerGate(state: RunState, task: Task, event: Answered): void {
  const now = task.state
  if (now.status !== 'held' || now.gate === 'paused') throw new Error(`bug: "${task.spec.id}" was answered, and had not asked`)
  const { answer, by, door, at, comment, reply } = event
  const record = state.gates.get(now.id)
  if (record !== undefined) record.end = { how: 'answered', answer, by, door, at, comment }
  switch (now.gate) {
    case 'approval':
      if (answer !== 'approved') return
      task.approved = true
      move(state, task, { status: 'ready' }, at)
      return
    case 'review':
      if (answer === 'sent_back') sendBack(state, task, by, comment ?? '', at)
      return
    case 'question':
      replied(state, task, now, reply ?? { is: 'unanswered', message: '' }, at)
      return
    case 'quota':
      if (answer === 'approved') move(state, task, { status: 'ready' }, at)
      return
    case 'budget':
      return
  }
}

/** It has done what was asked of it, so this is no failed try: it has as many as at first. */
function sendBack(state: RunState, task: Task, by: string, text: string, at: string): void {
  move(state, task, { status: 'ready' }, at, () => {
    for (const attempt of task.attempts) giveBack(task, attempt)
    task.comments = [...task.comments, { by, text }]
    task.cached = undefined
  })
}

function replied(state: RunState, task: Task, now: Extract<HeldState, { gate: 'question' }>, reply: Reply, at: string): void {
  task.replies = [...task.replies, { question: now.question, reply }]
  if (!now.live) return move(state, task, { status: 'ready' }, at)
  move(state, task, { ...now, reply, due: undefined }, at)
  state.toTell.set(task.spec.id, reply)
}

function tell(state: RunState, task: Task, attempt: number, at: string): void {
  state.toTell.delete(task.spec.id)
  if (task.state.status === 'held') move(state, task, { status: 'running', attempt, since: lastAttempt(task)?.started_at ?? at }, at)
}
