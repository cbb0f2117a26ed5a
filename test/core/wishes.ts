import fc from 'fast-check'
import type { RunState } from '../../src/core/state.ts'
import { whyNot } from '../../src/core/steering.ts'
import type { Author, Wish as Wanted } from '../../src/core/wish.ts'
import { inboxEntries } from '../../src/core/views/inbox.ts'
import type { conductor } from './conductor.ts'

/** Something that a person wants of any of a run's tasks, or of the run. */
type Wish = { what: 'approve' | 'reject' | 'send back' | 'answer' | 'skip' | 'skip below' | 'cancel' | 'cancel below' | 'retry' | 'retry below' | 'pause' | 'unpause' | 'pause the run' | 'unpause the run'; of: number }

/** Mostly a person wants nothing, as the world goes on by itself. */
export const anyWish: fc.Arbitrary<Wish | undefined> = fc.option(
  fc.record({ what: fc.constantFrom<Wish['what']>('approve', 'approve', 'reject', 'send back', 'answer', 'answer', 'skip', 'skip below', 'cancel', 'cancel below', 'retry', 'retry', 'retry below', 'pause', 'unpause', 'unpause', 'pause the run', 'unpause the run', 'unpause the run'), of: fc.nat() }),
  { freq: 3, nil: undefined },
)

/** The intent by which a person says what they want: mostly of a task that it can be done to. */
export function intentOf(state: RunState, { what, of }: Wish): Wanted & Author {
  const ids = [...state.tasks.keys()]
  const first = of % ids.length
  const intents = [...ids.slice(first), ...ids.slice(0, first)].map((task) => intentFor(what, task))
  return (of % 4 === 0 ? undefined : intents.find((intent) => whyNot(state, intent) === undefined)) ?? intentFor(what, ids[first] ?? '')
}

function intentFor(what: Wish['what'], task: string): Wanted & Author {
  const by = 'test'
  switch (what) {
    case 'send back':
      return { type: 'send-back', task, comment: 'not yet', by }
    case 'answer':
      return { type: 'answer', task, answers: ['so'], by }
    case 'approve':
    case 'reject':
    case 'skip':
    case 'cancel':
    case 'pause':
    case 'unpause':
      return { type: what, task, by }
    case 'skip below':
      return { type: 'skip', task, by, descendants: true }
    case 'cancel below':
      return { type: 'cancel', task, by, descendants: true }
    case 'retry':
    case 'retry below':
      return { type: 'retry', task, by, descendants: what === 'retry below' }
    case 'pause the run':
      return { type: 'pause', by }
    case 'unpause the run':
      return { type: 'unpause', by }
  }
}

/** Whatever a person has paused goes on, and whatever waits for one is let go on. */
export function unpauseAll({ state, send }: ReturnType<typeof conductor>): void {
  const by = 'test'
  send({ type: 'approve-all', by })
  for (const { task, gate } of inboxEntries(state)) {
    if (gate === 'question') send({ type: 'answer', task, answers: ['so'], by })
    if (gate === 'quota') send({ type: 'approve', task, by })
  }
  if (state.paused !== undefined) send({ type: 'unpause', by })
  for (const [task, { paused }] of state.tasks) if (paused !== undefined) send({ type: 'unpause', task, by })
}
