import type { RunState } from '../../../core/state.ts'
import { adviceOn } from '../../../core/answering.ts'
import type { Task } from '../../../core/task-state.ts'
import type { Glance } from '../../glance.ts'
import { canDo, type TaskCommand } from '../../wishes.ts'
import { keyOf } from '../page.ts'

/** What a person can do about a task as it stands; nothing where there is nothing to do. */
export function nextSteps(glance: Glance, state: RunState, { spec, state: now, paused, ending }: Task): string | undefined {
  const key = (command: Parameters<typeof keyOf>[1]) => keyOf(glance, command)
  const can = (command: TaskCommand) => canDo(state, command, spec.id)
  if (glance.run?.send === undefined || ending !== undefined) return undefined
  switch (now.status) {
    case 'held':
      switch (now.gate) {
        case 'approval':
          return `press ${key('approve')} to approve it, ${key('reject')} to reject it, ${key('skip')} to go on without it`
        case 'budget':
          return `${adviceOn(spec, now.limit) ?? 'do what is said above'}; or press ${key('skip')} to go on without it`
        case 'quota':
          return `press ${key('approve')} to have ${now.providers.join(', ')} asked again, ${key('reject')} to reject it, ${key('skip')} to go on without it`
        case 'paused':
          return `press ${key('pause-task')} to let it go on`
        case 'review':
          return `press ${key('approve')} to accept what it made, ${key('send-back')} to send it back with a comment, ${key('reject')} to reject it`
        case 'question': {
          if (now.reply !== undefined) return undefined
          if (now.question.kind === 'permission') return `press ${key('approve')} to allow it, ${key('reject')} to deny it`
          const usual = can('approve') ? `, ${key('approve')} to take its default` : ''
          return `press ${key('answer')} to answer${usual}, ${key('reject')} to let it decide by itself`
        }
      }
    case 'failed':
    case 'incomplete':
      return can('retry') ? `press ${key('retry')} to do it again, ${key('retry-below')} to do all that depends on it again as well` : undefined
    case 'blocked':
      return `see to "${now.by}" first: it is in the way`
    case 'waiting':
      if (paused !== undefined) return `press ${key('pause-task')} to let it go on`
      return now.for.what === 'retry' ? `press ${key('retry')} to try it again at once` : undefined
    case 'ready':
      return state.paused === undefined ? undefined : `press ${key('pause')} to let the run go on`
    case 'skipped':
    case 'cancelled':
      return can('retry') ? `press ${key('retry')} to do it after all` : undefined
    case 'running':
    case 'checking':
      return `press ${key('cancel')} to cancel it, ${key('pause-task')} ${paused === undefined ? 'to start no further attempt' : 'to let further attempts start'}`
    case 'complete':
      return `read what it wrote under files${can('retry') ? `, or press ${key('retry')} to do it again` : ''}`
  }
}
