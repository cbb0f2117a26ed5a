import type { Event } from '../events.ts'
import type { RunState } from '../state.ts'

/**
 * The tasks that may stand otherwise after an event, for whoever keeps a view of them in step: the one that it is about,
 * and those that wait for it where it has ended or begins anew. `all`: any of them may.
 */
export function touchedBy(event: Event, { tasks }: RunState): readonly string[] | 'all' {
  const withDependents = (id: string) => [id, ...(tasks.get(id)?.dependents ?? [])]
  switch (event.type) {
    // New settings and prices are for every task.
    case 'run.opened':
    case 'run.resumed':
    case 'settings.changed':
    case 'prices.read':
      return 'all'
    case 'tasks.ranked':
      return Object.keys(event.ranks)
    case 'budget.counted':
      return (event.corrections ?? []).map(({ task }) => task)
    case 'task.added':
    case 'task.revised':
      return [event.task.id]
    case 'task.adopted':
    case 'task.paused':
    case 'task.unpaused':
    case 'task.ending':
    case 'task.ended':
    case 'task.reopened':
      return withDependents(event.task)
    case 'gate.opened':
    case 'gate.answered':
    case 'gate.lifted':
    case 'question.settled':
    case 'question.withdrawn':
    case 'question.told':
    case 'task.prioritized':
    case 'cache.asked':
    case 'cache.told':
    case 'attempt.started':
    case 'attempt.interrupting':
    case 'attempt.finished':
    case 'check.started':
    case 'check.finished':
    case 'check.interrupted':
    case 'retry.scheduled':
    case 'retry.due':
    case 'route.changed':
      return [event.task]
    case 'run.draining':
    case 'run.stopping':
    case 'run.stopped':
    case 'run.paused':
    case 'run.unpaused':
    case 'run.closed':
    case 'day.turned':
    case 'budget.warned':
    case 'budget.stopped':
    case 'provider.waiting':
    case 'provider.resting':
    case 'provider.due':
    case 'provider.probing':
    case 'provider.gone':
    case 'provider.back':
    case 'file.read':
    case 'filing.started':
    case 'filing.finished':
      return []
  }
}
