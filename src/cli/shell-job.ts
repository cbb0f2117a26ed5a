import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

/** Until then the shell has taken its terminal back. Seconds, as `sleep` takes them. */
const GOES_ON_AFTER_S = '0.3'
/** A process that still runs so long after it was to stop belongs to no shell that could let it go on; ms. */
const STOPS_WITHIN_MS = 100

/**
 * Goes into the background of the shell that waits for us, as Ctrl+Z and `bg` do: no process can leave a shell by itself, but one
 * that stops is waited for no longer. A second process lets us go on. Where no shell with jobs waits, nothing happens but a
 * short pause.
 */
export async function goIntoBackground(): Promise<void> {
  const waker = spawn('/bin/sh', ['-c', `sleep ${GOES_ON_AFTER_S}; kill -CONT "$1"`, 'sh', String(process.pid)], { detached: true, stdio: 'ignore' })
  waker.on('error', () => {})
  waker.unref()
  // At the end Node sets the modes of a terminal back that it has changed, and the kernel stops whoever does so in the background.
  process.stdin.destroy()
  // Without the second process nobody would wake us.
  if (waker.pid === undefined) return
  process.kill(process.pid, 'SIGTSTP')
  await sleep(STOPS_WITHIN_MS)
}
