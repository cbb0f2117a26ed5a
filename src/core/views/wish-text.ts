import type { Wish } from '../wish.ts'

/** What somebody wants, as it goes on after "to": `approve "deploy"`, `pause the run`. */
export function wishText(wish: Wish): string {
  switch (wish.type) {
    case 'approve':
    case 'reject':
    case 'answer':
      return `${wish.type} "${wish.task}"`
    case 'skip':
    case 'cancel':
      return `${wish.type} ${branch(wish.task, wish.descendants)}`
    case 'send-back':
      return `send "${wish.task}" back`
    case 'approve-all':
      return 'approve all that waits for it'
    case 'pause':
      return `pause ${branch(wish.task, wish.descendants)}`
    case 'unpause':
      return `let ${branch(wish.task, wish.descendants)} go on`
    case 'retry':
      return `do ${branch(wish.task, wish.descendants)} again`
    case 'retry-now':
      return 'try at once what waits for its time'
    case 'prioritize':
      return `give "${wish.task}" the priority ${wish.priority}`
  }
}

function branch(task: string | undefined, descendants = false): string {
  if (task === undefined) return 'the run'
  return descendants ? `"${task}" and all that depends on it` : `"${task}"`
}
