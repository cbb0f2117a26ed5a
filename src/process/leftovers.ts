import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** Between TERM and KILL. */
const GRACE_MS = 2_000
const LOOK_MS = 25

/**
 * Ends every process that carries a variable in its environment, whoever its parent is by now: what a
 * killed conductor left running. TERM first, KILL after a grace. It can look at other processes on Linux
 * only; elsewhere it finds none.
 * @returns how many there were
 */
export async function endLeftovers(name: string, value: string, grace_ms: number = GRACE_MS): Promise<number> {
  const found = await processesWith(name, value)
  signalAll(found, 'SIGTERM')
  const deadline = Date.now() + grace_ms
  let left = found
  while (left.length > 0 && Date.now() < deadline) {
    await sleep(LOOK_MS)
    left = await processesWith(name, value)
  }
  signalAll(left, 'SIGKILL')
  return found.length
}

/** A zombie has no environment any more, and one that belongs to somebody else does not show it. */
async function processesWith(name: string, value: string): Promise<number[]> {
  const wanted = `\0${name}=${value}\0`
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => Number.isInteger(pid) && pid !== process.pid)
  const matches = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
      return `\0${environment}\0`.includes(wanted)
    }),
  )
  return pids.filter((_, index) => matches[index])
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended meanwhile.
    }
  }
}
