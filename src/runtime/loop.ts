import { admit } from '../core/admit.ts'
import type { Command } from '../core/commands.ts'
import { decide, issued, nextWakeAt } from '../core/decide.ts'
import { stamped, type Event, type EventBody } from '../core/events.ts'
import type { Input, Intent, Refusal, Report } from '../core/intents.ts'
import { reduce } from '../core/reduce.ts'
import type { KeyedStep, RunState } from '../core/state.ts'
import { whyNot } from '../core/steering.ts'
import type { EventLog } from '../store/store.ts'
import type { Clock } from './clock.ts'
import { createInbox } from './inbox.ts'

/** Is told of every event, after the state has taken it in. */
export type Listener = (event: Event, state: RunState) => void

/** What became of an intent that was handed in. */
export type Submitted = {
  /** Why it is not carried out. */
  refusal: Refusal | undefined
  /** What it caused; they are on disk. */
  events: readonly Event[]
  /** It was handed in before, under the same key: the numbers of the events that it caused then. */
  before: KeyedStep | undefined
}

/** A run that is under way, as the faces see it. */
export type RunHandle = {
  /** Live: read it, and only between awaits. */
  readonly state: RunState
  /** Hands in an intent; resolves when it has been decided on, with the refusal if there was one. */
  send: (intent: Intent) => Promise<Refusal | undefined>
  /**
   * The same, for whoever has to know that it holds: resolves once what it caused is on disk.
   * @param key what was done under it before, by this conductor or one before it, is not done again
   */
  submit: (intent: Intent, key?: string) => Promise<Submitted>
  /** Tells a listener of every event from now on; call the result to end that. */
  subscribe: (listener: Listener) => () => void
  /** Resolves when the run has closed or the conductor has left it; rejects when the disk or the code fails. */
  done: Promise<RunState>
}

export type LoopParts = {
  /** Empty for a new run, replayed for a resumed one. From now on the loop owns it. */
  state: RunState
  log: EventLog
  clock: Clock
  /** Carries out a command, and reports what is told before its end. It never rejects for what a provider or a task can cause. */
  perform: (command: Command, report: (report: Report) => void) => Promise<Report | undefined>
  /** What opens or resumes the run, and what it begins with. */
  first: readonly (Input | Earlier)[]
  listeners: readonly Listener[]
}

/** What was handed in while nobody conducted the run. What was done under its key is not done again. */
export type Earlier = { intent: Intent; key: string; decided: (refusal: Refusal | undefined) => void }

type Letter = { input: Input; key?: string | undefined; answer?: (decided: Decided) => void }

/** What has been decided on an input, and not yet flushed. */
type Decided = Omit<Submitted, 'events'> & { events: Event[] }

/**
 * The loop: one inbox, one writer. Inputs are admitted, their events recorded, and what follows from them
 * is decided, until nothing more follows; then the log is flushed, and only then the commands are
 * performed. All that one round gives out shares one flush.
 */
export function startLoop({ state, log, clock, perform, first, listeners }: LoopParts): RunHandle {
  const inbox = createInbox<Letter>()
  const told = new Set(listeners)
  let cancelTimer = () => {}
  let isBroken = false
  let reject: (error: unknown) => void = () => {}
  const failed = new Promise<never>((_, no) => (reject = no))
  // It is looked at only by the race below; a failure after the end is nobody's.
  failed.catch(() => {})

  /** The disk or the code has failed: nothing more is taken in, recorded or begun. */
  function fail(error: unknown): void {
    isBroken = true
    reject(error)
  }

  let now = { ms: Number.NaN, text: '' }

  /** The time (ISO 8601). Many events share a millisecond. */
  function moment(): string {
    const ms = clock.now()
    if (ms !== now.ms) now = { ms, text: new Date(ms).toISOString() }
    return now.text
  }

  /** @param goesOn whether the step goes on with the next call */
  function record(bodies: readonly EventBody[], at: string, { goesOn = false, key }: { goesOn?: boolean; key?: string | undefined } = {}): Event[] {
    const events = stamped(bodies, state.seq, at, { goesOn, key })
    for (const event of events) {
      log.append(event)
      reduce(state, event)
      for (const listener of told) listener(event, state)
    }
    return events
  }

  function take(input: Input, { goesOn = false, key }: { goesOn?: boolean; key?: string | undefined } = {}): Decided {
    const before = key === undefined ? undefined : state.keys.get(key)
    if (before !== undefined) return { refusal: undefined, events: [], before }
    // An event happens when it is decided on: what is due some seconds after it is counted from there.
    const at = moment()
    const { events, refusal } = admit(state, input, at)
    return { refusal, events: record(events, at, { goesOn, key }), before: undefined }
  }

  /** A run opens with its plan, in one step: there is no run without one. What a resumed one refuses stays as it was. */
  function open(): void {
    const isNew = first.some((input) => 'type' in input && input.type === 'opened')
    for (const [index, input] of first.entries()) {
      if ('intent' in input) {
        input.decided(take(input.intent, { key: input.key }).refusal)
        continue
      }
      const { refusal } = take(input, { goesOn: input.type === 'opened' && index < first.length - 1 })
      if (refusal !== undefined && isNew) throw new Error(`bug: a run was opened with a plan that it refuses: ${JSON.stringify(refusal.problems)}`)
    }
  }

  function giveOut(): Command[] {
    const commands: Command[] = []
    for (let command = decide(state); command !== undefined; command = decide(state)) {
      record(issued(state, command), moment())
      commands.push(command)
    }
    return commands
  }

  async function carryOut(commands: readonly Command[], flushed: Promise<void>): Promise<void> {
    await flushed
    if (isBroken) return
    for (const command of commands) {
      perform(command, tell).then((report) => {
        if (report !== undefined) tell(report)
      }, fail)
    }
  }

  const tell = (report: Report) => inbox.push({ input: report })

  function setTimer(): void {
    cancelTimer()
    const due = nextWakeAt(state)
    cancelTimer = due === undefined ? () => {} : clock.at(Date.parse(due), () => inbox.push({ input: { type: 'tick' } }))
  }

  async function run(): Promise<RunState> {
    open()
    for (;;) {
      const commands = giveOut()
      const flushed = log.durable()
      if (isOver(state)) {
        await flushed
        return state
      }
      carryOut(commands, flushed).catch(fail)
      setTimer()
      const letters = await inbox.take()
      // Whoever waits for `done` has been told; what comes in now comes from what is being interrupted.
      if (isBroken) return state
      for (const { input, key, answer } of letters) {
        const decided = take(input, { key })
        answer?.(decided)
      }
    }
  }

  function turnAway(): void {
    cancelTimer()
    for (const { input, answer } of inbox.drain()) answer?.(tooLate(state, input))
  }

  async function decided(intent: Intent, key?: string): Promise<Decided> {
    return isOver(state) || isBroken ? tooLate(state, intent) : new Promise((answer) => inbox.push({ input: intent, key, answer }))
  }

  return {
    state,
    subscribe: (listener) => {
      told.add(listener)
      return () => void told.delete(listener)
    },
    send: async (intent) => (await decided(intent)).refusal,
    submit: async (intent, key) => {
      const submitted = await decided(intent, key)
      // A repeated one may have come while the flush of the first was still under way.
      if (submitted.refusal === undefined) await log.durable()
      return submitted
    },
    done: Promise.race([run(), failed])
      .catch((error: unknown) => {
        fail(error)
        throw error
      })
      .finally(turnAway),
  }
}

/** The answer to what comes when nobody conducts the run any more. */
function tooLate(state: RunState, input: Input): Decided {
  const { run, phase } = state
  // Who comes late with an answer is told who was first.
  const late = phase.phase === 'closed' && 'by' in input ? (whyNot(state, input) ?? 'the run is over') : undefined
  const message = late ?? (phase.phase === 'closed' ? 'the run is over' : 'the run was left before this came; take it up again first')
  return { refusal: { problems: [{ file: `runs/${run}`, message }], later: true }, events: [], before: undefined }
}

function isOver({ phase }: RunState): boolean {
  return phase.phase === 'closed' || phase.phase === 'stopped'
}
