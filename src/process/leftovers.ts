import { setTimeout as sleep } from 'node:timers/promises'
import { processesBy, stillRunning, type Known } from './process-table.ts'
import { createSharedLook, type SharedLook } from './shared-look.ts'

/** Between TERM and KILL. */
const GRACE_MS = 2_000
/** How long KILL is repeated: a process may have started another in the moment before. */
const KILL_MS = 500
const LOOK_MS = 25

const looks = new Map<string, SharedLook<ReadonlyMap<string, number[]>>>()

/** Who carries a variable, by its value. */
function lookFor(name: string): Promise<ReadonlyMap<string, number[]>> {
  const known = looks.get(name)
  if (known !== undefined) return known()
  const made = createSharedLook(() => processesBy(name))
  looks.set(name, made)
  return made()
}

/**
 * Ends every process that carries a variable in its environment, whoever its parent is by now: what a
 * killed conductor left running, or what has left the process group of its program. TERM first, KILL
 * after a grace. It can look at other processes on Linux only; elsewhere it finds none.
 * @param also processes that are known otherwise
 * @returns how many there were
 */
export async function endLeftovers(name: string, value: string, grace_ms: number = GRACE_MS, also: readonly Known[] = []): Promise<number> {
  const look = async () => [...new Set([...((await lookFor(name)).get(value) ?? []), ...stillRunning(also)])]
  let left = await look()
  const count = left.length
  signalAll(left, 'SIGTERM')
  const begun = performance.now()
  while (left.length > 0 && performance.now() - begun < grace_ms + KILL_MS) {
    if (performance.now() - begun >= grace_ms) signalAll(left, 'SIGKILL')
    await sleep(LOOK_MS)
    left = await look()
  }
  return count
}

/** Signals each of them; that one has ended meanwhile is fine. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended meanwhile.
    }
  }
}
