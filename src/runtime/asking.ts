import { homedir } from 'node:os'
import { ruleFor } from '../core/permissions.ts'
import type { Reply } from '../core/question.ts'
import type { TaskSpec } from '../core/task.ts'
import type { AskPerson, AttemptRequest } from '../providers/provider.ts'

/** One question after the other: an attempt that asks several things at once is held at one gate. */
export function inTurn(ask: AskPerson): AskPerson {
  let last: Promise<unknown> = Promise.resolve()
  return (question, withdrawn) => {
    const reply = last.then(() => (withdrawn?.aborted === true ? NO_LONGER_ASKED : ask(question, withdrawn)))
    last = reply.catch(() => {})
    return reply
  }
}

/** Nobody listens any more. */
const NO_LONGER_ASKED: Reply = { is: 'unanswered', message: 'it was taken back' }

/** What a task's rules allow or forbid needs no person. */
export function withRules({ permissions }: TaskSpec, { work }: AttemptRequest, ask: AskPerson): AskPerson {
  if (permissions === undefined) return ask
  const places = { cwd: work.kind === 'command' ? work.cwd : work.agent?.cwd, home: homedir() }
  return async (question, withdrawn) => {
    const rule = question.kind === 'permission' ? ruleFor(permissions, question, places) : undefined
    switch (rule) {
      case 'allow':
        return { is: 'allowed' }
      case 'deny':
        return { is: 'denied', message: 'the rules of this task forbid it' }
      case 'ask':
      case undefined:
        return ask(question, withdrawn)
    }
  }
}
