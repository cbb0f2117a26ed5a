import type { EventEmitter } from 'node:events'
import type { Leaving } from '../../app/screen.ts'
import type { Device } from './device.ts'
import { KeyReader, type Key } from './keys.ts'

/** A page of its own beside what the shell shows, without a cursor and without wrapping; pastes are told from keys. */
const TAKE = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[?2004h'
/** Ends what may be cut off in its middle, and all that was taken. */
const GIVE = '\u001b\\\u001b[?2026l\u001b[m\u001b[?2004l\u001b[?7h\u001b[?25h\u001b[?1049l'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
type Signal = (typeof SIGNALS)[number]
type Listener = readonly [name: string, call: () => void]

/** A process that still runs so long after it was to stop belongs to no shell that could let it go on. */
const STOPS_WITHIN_MS = 100

/** What is shown on the terminal while it is ours. */
type Page = { pause: () => void; resume: () => void; send: (sequence: string) => void }

export type SessionParts = {
  device: Device
  page: Page
  stdin: NodeJS.ReadStream
  onKey: (key: Key) => void
}

/** The time in which a terminal is ours. */
export type Session = {
  /**
   * Resolves when it ended by something else than `close`; the terminal was given back. Until `close`, signals go on
   * to be caught: whoever conducts has to end what it runs, and another signal must not cut that off.
   */
  left: Promise<Leaving>
  /** Goes into the background of the shell; when it is brought back, the page is there again. */
  suspend: () => void
  /** Gives the terminal to another program until that has ended. */
  lend: <T>(use: () => Promise<T>) => Promise<T>
  /** The terminal is no longer there. */
  lose: () => void
  /** Where the terminal did not take what gives it back, that is waited for here. */
  close: () => void
}

/** Whose the terminal is: ours, another program's, nobody's as we are stopped, or the shell's for good. */
type Holder = 'us' | 'another' | 'nobody' | 'the shell'

/** Its types know signals and events one by one only. */
const events: EventEmitter = process

/** Takes the terminal, and gives it back once, whatever ends the session or the process. */
export function takeTerminal({ device, page, stdin, onKey }: SessionParts): Session {
  let holder: Holder = 'us'
  /** Who has it when we go on after a stop. */
  let next: Holder = 'us'
  /** It did not take what gives it back: it takes nothing at the moment. */
  let isOwed = false
  let leave: (leaving: Leaving) => void = () => {}
  const left = new Promise<Leaving>((resolve) => (leave = resolve))
  const keys = new KeyReader(onKey)
  const read = (bytes: Uint8Array) => keys.read(bytes)

  const isHeldBy = (whom: Holder) => holder === whom

  /** The terminal may turn out to be gone, and the session be over after this; so after `giveTo`. */
  function take(): void {
    if (holder === 'the shell') return
    holder = 'us'
    stdin.setRawMode(true)
    if (!isHeldBy('us')) return
    stdin.on('data', read)
    stdin.resume()
    page.send(TAKE)
    page.resume()
  }

  function giveTo(whom: Exclude<Holder, 'us'>) {
    holder = whom
    page.pause()
    stdin.off('data', read)
    stdin.pause()
    keys.reset()
    const told = device.say(GIVE)
    stdin.setRawMode(false)
    return told
  }

  /** @returns how the terminal has taken it; undefined when it was not ours */
  function end() {
    for (const [name, listener] of endings) events.off(name, listener)
    stdin.off('end', lose)
    const told = holder === 'us' ? giveTo('the shell') : undefined
    holder = 'the shell'
    isOwed ||= told === 'stalled'
    return told
  }

  function lose(): void {
    if (holder === 'the shell') return
    end()
    leave({ why: 'gone' })
  }

  function onSignal(signal: Signal): void {
    // The system and the shell tell of a line that drops, one after the other. Ctrl+C in another program is for that one.
    if (holder === 'the shell' || (signal === 'SIGINT' && holder === 'another')) return
    leave(end() === 'gone' ? { why: 'gone' } : { why: 'signal', signal })
  }

  /** @param whom a process, or 0 for all that the shell has started as one job */
  function stop(whom: number): void {
    if (holder === 'nobody') return
    next = holder
    if (holder === 'us') giveTo('nobody')
    else holder = 'nobody'
    if (isHeldBy('the shell')) return
    process.off('SIGTSTP', onStop)
    process.kill(whom, 'SIGTSTP')
    // Who can be stopped is not here before the signal to go on.
    setTimeout(() => setImmediate(goOn), STOPS_WITHIN_MS)
  }

  function goOn(): void {
    if (holder !== 'nobody') return
    process.on('SIGTSTP', onStop)
    holder = next
    if (holder === 'us') take()
  }

  const onStop = () => stop(process.pid)

  function onContinue(): void {
    if (holder === 'nobody') return goOn()
    if (holder !== 'us') return
    // It was stopped by a signal that nobody is told of, and the shell has changed the terminal since.
    giveTo('nobody')
    take()
  }

  const endings: readonly Listener[] = [
    ['SIGTSTP', onStop],
    ['SIGCONT', onContinue],
    // The stack of an error that nobody catches is printed after this.
    ['uncaughtExceptionMonitor', end],
    ['exit', end],
  ]
  const signals = SIGNALS.map((signal): Listener => [signal, () => onSignal(signal)])
  for (const [name, listener] of [...endings, ...signals]) events.on(name, listener)
  stdin.on('end', lose)
  // Stays: a terminal that is gone says so once more when its mode is set back.
  stdin.on('error', lose)
  take()

  return {
    left,
    suspend: () => stop(0),
    lend: async (use) => {
      if (holder !== 'us') throw new Error('bug: the terminal is not ours to lend')
      giveTo('another')
      try {
        return await use()
      } finally {
        next = 'us'
        if (isHeldBy('another')) take()
      }
    },
    lose,
    close: () => {
      end()
      for (const [name, listener] of signals) events.off(name, listener)
      if (isOwed) device.insist(GIVE)
      isOwed = false
    },
  }
}
