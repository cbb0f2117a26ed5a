import type { RunState } from './state.ts'
import { letsDependentsRun, type Gate, type Task } from './task-state.ts'
import { formatTime } from './units.ts'

/** How a task stands, as the beginning of a sentence. */
export function standing(state: RunState, { spec, state: now, ending }: Task): string {
  const it = `"${spec.id}"`
  if (ending !== undefined) return `${it} is being ${ending.status}`
  switch (now.status) {
    case 'waiting':
      if (now.for.what === 'retry') return `${it} waits for its next try at ${formatTime(now.for.until)}`
      if (now.for.what === 'cache') return `${it} waits while its answer is looked for in the cache`
      return `${it} waits for ${spec.depends_on.filter((id) => isMissing(state, id)).map((id) => `"${id}"`).join(', ')}`
    case 'held':
      return `${it} ${HELD[now.gate]}`
    case 'checking':
      return `${it} is being checked`
    case 'failed':
      return `${it} has failed`
    case 'blocked':
      return `${it} is blocked by "${now.by}"`
    case 'skipped':
    case 'cancelled':
      return `${it} was ${now.status}`
    case 'ready':
    case 'running':
    case 'complete':
    case 'incomplete':
      return `${it} is ${now.status}`
  }
}

const HELD: Record<Gate, string> = { approval: 'waits for approval', review: 'waits for review', question: 'waits for an answer', budget: 'waits for money', quota: 'waits for a quota', paused: 'is paused' }

function isMissing({ tasks }: RunState, id: string): boolean {
  const dependency = tasks.get(id)
  return dependency !== undefined && !letsDependentsRun(dependency)
}
