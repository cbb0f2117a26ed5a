import type { TaskSpec } from './task.ts'

const FIRST_DELAY_MS = 1_000
const LONGEST_DELAY_MS = 60_000

/**
 * How many attempts a task may have after its first. A command is what it is: `npm test` that fails once
 * fails again, and a deployment is better not repeated; only its author knows, and says `retries`.
 * @param otherwise for prompts that do not say
 */
export function retriesOf(spec: TaskSpec, otherwise: number): number {
  return spec.retries ?? (spec.work.kind === 'command' ? 0 : otherwise)
}

/**
 * After how many milliseconds a failed attempt is followed by another, if it is.
 * @param again whether another time may help
 * @param counted attempts so far that count, the failed one included
 * @param retries attempts allowed after the first
 */
export function delayAfter(
  again: boolean,
  spec: TaskSpec,
  counted: number,
  retries: number,
): number | 'give-up' {
  if (!again || counted > retries) return 'give-up'
  return backoff(spec.id, counted)
}

/**
 * Exponential back-off with jitter: 1, 2, 4 … seconds, at most a minute, each between half and all of
 * that. The jitter comes from the task's id, so that a replay and a test see the same delays while
 * tasks that failed together do not come back together.
 */
function backoff(id: string, counted: number): number {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (counted - 1))
  return Math.round(full * (0.5 + 0.5 * fraction(`${id}#${counted}`)))
}

/** FNV-1a over the text, as a number from 0 to 1. */
function fraction(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0) / 2 ** 32
}
