import type { Event } from './events.ts'
import { move, reopenTask } from './reduce-task.ts'
import { taskOf, type RunState } from './state.ts'

type SteeringEvent = Extract<Event, { type: 'run.paused' | 'run.unpaused' | 'task.prioritized' | 'task.paused' | 'task.unpaused' | 'task.ending' | 'task.reopened' }>

/** Takes what people want of the run and its tasks into the state. */
export function reduceSteering(state: RunState, event: SteeringEvent): void {
  switch (event.type) {
    case 'run.paused':
      state.paused = event.by
      return
    case 'run.unpaused':
      state.paused = undefined
      return
    case 'task.paused': {
      const task = taskOf(state, event.task)
      task.paused = event.by
      if (task.state.status === 'ready') move(state, task, { status: 'ready' }, event.at)
      return
    }
    case 'task.prioritized': {
      const task = taskOf(state, event.task)
      const change = () => void (task.spec = { ...task.spec, priority: event.priority })
      if (task.state.status === 'ready') move(state, task, { status: 'ready' }, event.at, change)
      else change()
      return
    }
    case 'task.ending':
      taskOf(state, event.task).ending = { status: event.status, by: event.by }
      state.toInterrupt.add(event.task)
      return
    case 'task.reopened':
      reopenTask(state, taskOf(state, event.task), event.at)
      return
    case 'task.unpaused': {
      const task = taskOf(state, event.task)
      task.paused = undefined
      if (task.state.status === 'held' && task.state.gate === 'paused') move(state, task, { status: 'ready' }, event.at)
      return
    }
  }
}
