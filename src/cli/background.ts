import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { conductorOf } from '../app/lock.ts'
import { reachConductor } from '../app/handed-in/reach-conductor.ts'
import type { Workspace } from '../app/workspace.ts'
import { conductorLog, openConductorLog } from './conductor-log.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { err, out } from './terminal.ts'

/** How long a conductor may take until it can be reached; ms. */
const STARTS_WITHIN_MS = 15_000
const LOOK_MS = 50

/** Starts the command that was given once more, without a terminal, and waits until it can be reached. */
export async function startInBackground(workspace: Workspace): Promise<ExitCode> {
  const before = await conductorOf(workspace)
  if (before !== undefined) {
    err(`error: a conductor works in this workspace already (process ${before}): tutti attach shows it`)
    return EXIT.invalid
  }
  mkdirSync(workspace.runs, { recursive: true })
  const path = conductorLog(workspace)
  const log = openConductorLog(workspace)
  const said = statSync(path).size
  const [program = '', ...args] = process.argv
  const child = spawn(program, [...process.execArgv, ...args.filter((arg) => arg !== '-d' && arg !== '--detach')], { detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  let ended: number | null | undefined
  child.once('exit', (code) => (ended = code))
  child.once('error', () => (ended = null))
  for (const until = Date.now() + STARTS_WITHIN_MS; Date.now() < until && ended === undefined; await sleep(LOOK_MS)) {
    if ((await conductorOf(workspace)) !== child.pid) continue
    const reached = await reachConductor(workspace, { by: 'tutti up', door: 'cli' })
    if (reached === undefined || 'problem' in reached) continue
    child.unref()
    out(`process ${child.pid} works here in the background: tutti attach shows it, tutti stop ends it; it speaks into ${path}`)
    return EXIT.done
  }
  child.unref()
  err(ended === undefined ? `error: process ${child.pid} was started, and cannot be reached after ${STARTS_WITHIN_MS / 1000} s; kill ${child.pid} ends it; it said:` : 'error: it could not be started; it said:')
  err(readFileSync(path).subarray(said).toString('utf8').trimEnd())
  return EXIT.failed
}
