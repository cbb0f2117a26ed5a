import type { ShownRun } from '../../src/app/screen.ts'
import { admit } from '../../src/core/admit.ts'
import { stamped, type Event } from '../../src/core/events.ts'
import type { Input, Intent } from '../../src/core/intents.ts'
import type { Question } from '../../src/core/question.ts'
import { reduce } from '../../src/core/reduce.ts'
import { emptyState, type RunState } from '../../src/core/state.ts'
import { runFolder } from '../../src/store/run-folder.ts'
import { OPENED_AT, RUN_ID, tellStory } from './tell.ts'

/** The run of the story as it stood at a moment, for a screen. What a person wants is taken as the core takes it, and nothing is carried out. */
export type StoryRun = ShownRun & {
  sent: Intent[]
  /** Something more happens. */
  happen: (event: Event) => void
  /** The attempt of a task that is under way asks. */
  ask: (task: string, question: Question) => void
  /** Goes on to a later moment of the story: seconds since it began. */
  goOn: (seconds: number) => void
}

type StoryOptions = {
  /** Seconds since the run was opened; its end where absent. */
  at?: number
  is?: ShownRun['is']
  /** Whether wishes are taken though another process conducts it. */
  steers?: boolean
  /** The folder of all runs. */
  runs?: string
}

export function storyRun({ at = Infinity, is = 'live', steers = false, runs = 'runs' }: StoryOptions = {}): StoryRun {
  const { events } = tellStory()
  const listeners = new Set<(event: Event, state: RunState) => void>()
  const sent: Intent[] = []
  let state = emptyState()
  let now = OPENED_AT
  let next = 0

  function happen(event: Event): void {
    state = reduce(state, event)
    for (const listener of listeners) listener(event, state)
  }

  /** What the person of the story answers may have been answered by the test already; a task that was paused meanwhile has nothing to ask. */
  function fits(event: Event): boolean {
    const now = event.type === 'gate.answered' ? state.tasks.get(event.task)?.state : undefined
    return event.type !== 'gate.answered' || (now?.status === 'held' && now.gate !== 'paused')
  }

  function goOn(seconds: number): void {
    now = OPENED_AT + seconds * 1000
    for (let event = events[next]; event !== undefined && Date.parse(event.at) <= now; event = events[++next]) if (fits(event)) happen(event)
    if (now === Infinity) now = Date.parse(events.at(-1)?.at ?? '')
  }
  goOn(at)

  async function send(intent: Intent) {
    sent.push(intent)
    return take(intent)
  }

  function take(input: Input) {
    const stamp = new Date(now).toISOString()
    const { events: facts, refusal } = admit(state, input, stamp)
    for (const event of stamped(facts, state.seq, stamp)) happen(event)
    return refusal
  }

  return {
    folder: runFolder(runs, RUN_ID),
    path: `runs/${RUN_ID}`,
    is,
    get state() {
      return state
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    now: () => now,
    ...(is === 'live' || steers ? { send } : {}),
    sent,
    happen,
    ask: (task, question) => void take({ type: 'asked', task, attempt: state.tasks.get(task)?.attempts.length ?? 0, question }),
    goOn,
  }
}
