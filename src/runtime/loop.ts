import { admit } from '../core/admit.ts'
import type { Command } from '../core/commands.ts'
import { decide, issued, nextWakeAt } from '../core/decide.ts'
import { stamped, type Event, type EventBody } from '../core/events.ts'
import type { Input, Intent, Refusal, Report } from '../core/intents.ts'
import { reduce } from '../core/reduce.ts'
import type { RunState } from '../core/state.ts'
import type { EventLog } from '../store/store.ts'
import type { Clock } from './clock.ts'
import { createInbox } from './inbox.ts'

/** Is told of every event, after the state has taken it in. */
export type Listener = (event: Event, state: RunState) => void

/** A run that is under way, as the faces see it. */
export type RunHandle = {
  /** Live: read it, and only between awaits. */
  readonly state: RunState
  /** Hands in an intent; resolves when it has been decided on, with the refusal if there was one. */
  send: (intent: Intent) => Promise<Refusal | undefined>
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
  /** Carries out a command. It never rejects for what a provider or a task can cause. */
  perform: (command: Command) => Promise<Report | undefined>
  /** What opens or resumes the run, and what it begins with. */
  first: readonly Input[]
  listeners: readonly Listener[]
}

type Letter = { input: Input; answer?: (refusal: Refusal | undefined) => void }

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

  /** @param goesOn whether the step goes on with the next call */
  function record(events: readonly EventBody[], goesOn = false): void {
    for (const event of stamped(events, state.seq, new Date(clock.now()).toISOString(), goesOn)) {
      log.append(event)
      reduce(state, event)
      for (const listener of told) listener(event, state)
    }
  }

  function take(input: Input, goesOn = false): Refusal | undefined {
    const { events, refusal } = admit(state, input, new Date(clock.now()).toISOString())
    record(events, goesOn)
    return refusal
  }

  /** A run opens with its plan, in one step: there is no run without one. What a resumed one refuses stays as it was. */
  function open(): void {
    for (const [index, input] of first.entries()) {
      const refusal = take(input, input.type === 'opened' && index < first.length - 1)
      if (refusal !== undefined && first[0]?.type === 'opened') throw new Error(`bug: a run was opened with a plan that it refuses: ${JSON.stringify(refusal.problems)}`)
    }
  }

  function giveOut(): Command[] {
    const commands: Command[] = []
    for (let command = decide(state); command !== undefined; command = decide(state)) {
      record(issued(state, command))
      commands.push(command)
    }
    return commands
  }

  async function carryOut(commands: readonly Command[], flushed: Promise<void>): Promise<void> {
    await flushed
    if (isBroken) return
    for (const command of commands) {
      perform(command).then((report) => {
        if (report !== undefined) inbox.push({ input: report })
      }, fail)
    }
  }

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
      for (const { input, answer } of letters) {
        const refusal = take(input)
        answer?.(refusal)
      }
    }
  }

  function turnAway(): void {
    cancelTimer()
    for (const { answer } of inbox.drain()) answer?.(tooLate(state))
  }

  return {
    state,
    subscribe: (listener) => {
      told.add(listener)
      return () => void told.delete(listener)
    },
    send: async (intent) => (isOver(state) || isBroken ? tooLate(state) : new Promise((answer) => inbox.push({ input: intent, answer }))),
    done: Promise.race([run(), failed])
      .catch((error: unknown) => {
        fail(error)
        throw error
      })
      .finally(turnAway),
  }
}

/** The answer to what comes when nobody conducts the run any more. */
function tooLate({ run, phase }: RunState): Refusal {
  const message = phase.phase === 'closed' ? 'the run is over' : 'the run was left before this came; take it up again first'
  return { problems: [{ file: `runs/${run}`, message }], later: true }
}

function isOver({ phase }: RunState): boolean {
  return phase.phase === 'closed' || phase.phase === 'stopped'
}
