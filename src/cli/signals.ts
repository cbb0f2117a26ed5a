import type { Conductor } from '../app/conductor.ts'
import { EXIT, type ExitCode } from './exit-code.ts'

/** Signals that end what only looks at a run. A conductor goes on when its line drops (SIGHUP): see `conductor-log.ts`. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
export type Signal = (typeof SIGNALS)[number]
export const SIGNAL_EXIT: Record<Signal, ExitCode> = { SIGINT: EXIT.sigint, SIGTERM: EXIT.sigterm, SIGHUP: EXIT.sighup }

const ENDING = ['SIGINT', 'SIGTERM'] as const

/**
 * Calls back with each signal that is to end the conductor: none of them ends the process by itself, because what it
 * runs would be left behind.
 * @returns ends the listening
 */
export function onSignal(call: (signal: (typeof ENDING)[number]) => void): () => void {
  const handlers = ENDING.map((signal) => ({ signal, handler: () => call(signal) }))
  for (const { signal, handler } of handlers) process.on(signal, handler)
  return () => handlers.forEach(({ signal, handler }) => process.off(signal, handler))
}

/**
 * Stops a conductor by signals: Ctrl-C interrupts what runs, as somebody sits there; TERM lets it come to its end within
 * its grace. A second signal of any kind does not wait.
 * @returns ends the listening
 */
export function stopOnSignal(conductor: Pick<Conductor, 'stop'>): () => void {
  let isStopping = false
  return onSignal((signal) => {
    conductor.stop(isStopping || signal === 'SIGINT' ? 'now' : 'grace', signal)
    isStopping = true
  })
}

/** The signal by which a run was stopped, as its log tells it. */
export function signalOf(reason: string): Signal | undefined {
  return SIGNALS.find((name) => name === reason)
}
