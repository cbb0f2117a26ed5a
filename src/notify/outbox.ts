import { errorMessage } from '../core/error.ts'
import type { Message, Reception } from './message.ts'
import { backOff, type Pace } from './pace.ts'

export type OutboxParts = {
  /** Hands a message over, once. It never rejects. */
  post: (message: Message, signal: AbortSignal) => Promise<Reception>
  pace: Pace
  /** Everything up to this event has been dealt with. */
  from: number
  /** Everything up to this event is on disk. */
  safe: number
  /** Resolves when all events so far are on disk: what the log may lose is told to nobody. */
  durable: () => Promise<void>
  /** Takes what is not delivered. */
  giveUp: (message: Message, why: string, tries: number) => void
  /** Is told when the receiver begins to fail, with why, and when it works again, without. */
  warn: (why?: string) => void
  /** One more message has been dealt with. */
  moved: () => void
}

/** What waits for one receiver: it goes out in order, one at a time. */
export type Outbox = {
  /** Returns at once, whatever the receiver does. */
  push: (message: Message) => void
  /** Everything up to this event has been dealt with. */
  readonly settled: number
  /** Delivers what waits, for a while, and gives up the rest. Nothing is pushed any more. */
  close: () => Promise<void>
}

export function createOutbox({ post, pace, from, safe: firstSafe, durable, giveUp, warn, moved }: OutboxParts): Outbox {
  const waiting: Message[] = []
  /** The one that is being delivered. */
  let current: { message: Message; tries: number } | undefined
  let working: Promise<void> = Promise.resolve()
  let isWorking = false
  let settled = from
  let safe = firstSafe
  let newest = firstSafe
  /** In a row, whatever the message. */
  let failures = 0
  let isFailing = false
  /** Why the last try failed, if it did. */
  let lastWhy: string | undefined
  let phase: 'open' | 'closing' | 'over' = 'open'
  const breakOff = new AbortController()
  let endPause = () => {}

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms).unref()
      endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  function failed(why: string): void {
    if (!isFailing) warn(why)
    isFailing = true
  }

  function worked(): void {
    failures = 0
    lastWhy = undefined
    if (isFailing) warn()
    isFailing = false
  }

  async function untilSafe(seq: number): Promise<void> {
    if (seq <= safe) return
    const upTo = newest
    await durable()
    safe = upTo
  }

  /** @returns whether it has been dealt with; otherwise the time is over */
  async function deliver(sent: NonNullable<typeof current>): Promise<boolean> {
    await untilSafe(sent.message.seq)
    for (;;) {
      const reception = await post(sent.message, breakOff.signal)
      sent.tries += 1
      if (reception.is === 'taken') {
        worked()
        return true
      }
      if (isOver(phase)) return false
      lastWhy = reception.why
      if (reception.is === 'refused') {
        failed(reception.why)
        giveUp(sent.message, reception.why, sent.tries)
        return true
      }
      failures += 1
      // At the end nobody waits for who has been away for long: it got this one more try.
      if (phase === 'closing' && failures > pace.hopeless_after) return false
      if (failures >= pace.warn_after) failed(reception.why)
      if (sent.tries >= pace.most_tries) {
        giveUp(sent.message, reception.why, sent.tries)
        return true
      }
      await pause(phase === 'closing' ? pace.first_ms : backOff(pace, failures, reception.wait_ms, Math.random()))
      if (isOver(phase)) return false
    }
  }

  async function work(): Promise<void> {
    try {
      while (!isOver(phase)) {
        const message = waiting.shift()
        if (message === undefined) return
        current = { message, tries: 0 }
        if (!(await deliver(current))) return
        settled = message.seq
        current = undefined
        moved()
      }
    } catch (error) {
      phase = 'over'
      lastWhy = `the event log could not be written (${errorMessage(error)})`
    } finally {
      isWorking = false
    }
  }

  function giveUpRest(): void {
    const why = `the run was left before it could be delivered${lastWhy === undefined ? '' : `: ${lastWhy}`}`
    if (current !== undefined) giveUp(current.message, why, current.tries)
    for (const each of waiting.splice(0)) giveUp(each, why, 0)
    current = undefined
    // It stands where it is not lost, and is not sent by whoever takes the run up.
    settled = Math.max(settled, newest)
  }

  return {
    push: (message) => {
      newest = message.seq
      if (waiting.length >= pace.most_waiting) {
        const oldest = waiting.shift()
        if (oldest !== undefined) giveUp(oldest, `more than ${pace.most_waiting} messages waited`, 0)
      }
      waiting.push(message)
      if (isWorking) return
      isWorking = true
      working = work()
    },
    get settled() {
      return settled
    },
    close: async () => {
      if (phase === 'open') phase = 'closing'
      endPause()
      let timer: NodeJS.Timeout | undefined
      await Promise.race([working, new Promise((resolve) => (timer = setTimeout(resolve, pace.grace_ms)))])
      clearTimeout(timer)
      phase = 'over'
      breakOff.abort()
      endPause()
      await working
      giveUpRest()
    },
  }
}

/** Asked anew after each wait: the phase may be another one by then. */
const isOver = (phase: 'open' | 'closing' | 'over'): boolean => phase === 'over'
