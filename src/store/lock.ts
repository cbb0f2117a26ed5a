import { constants, readFileSync, readlinkSync } from 'node:fs'
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import lockfile from 'proper-lockfile'
import * as z from 'zod'
import { errorCode } from '../core/error.ts'

/** Who conducts a workspace. `started` tells the process from a later one that was given the same number. */
const Holder = z.object({
  pid: z.number().int().positive(),
  /** The machine, and where the kernel tells it the container: a process of another one cannot be asked whether it lives. */
  host: z.string(),
  started: z.string(),
  since: z.string(),
})
export type Holder = z.infer<typeof Holder>

export type Lock = { result: 'held'; release: () => Promise<void> } | { result: 'taken'; by: Holder }

/**
 * Takes the workspace for this process. The lock is a file that names its holder; one whose holder is
 * dead is taken over at once, so a crash keeps nobody waiting. Looking and taking is guarded by a second,
 * short-lived lock, so that two who find a dead holder do not both take its place.
 * @param runs the workspace's `runs/`, absolute
 */
export async function takeLock(runs: string): Promise<Lock> {
  await mkdir(runs, { recursive: true })
  await access(runs, constants.W_OK)
  const path = join(runs, 'conductor.lock')
  const taking = join(runs, 'conductor.lock.taking')
  const done = await lockfile
    .lock(runs, {
      lockfilePath: taking,
      stale: 5_000,
      retries: { retries: 40, minTimeout: 25, maxTimeout: 250 },
    })
    .catch((error: unknown) => {
      if (errorCode(error) !== 'ELOCKED') throw error
      // Left by a process that was killed in that moment, and the clock has been set back since.
      throw new Error(`${taking}: somebody seems to take this workspace at the moment, and does not come to an end; where no tutti is being started, delete it`)
    })
  try {
    const holder = await readHolder(path)
    if (holder !== undefined && isAlive(holder)) return { result: 'taken', by: holder }
    const own: Holder = { pid: process.pid, host: hostOf(), started: startOf(process.pid) ?? '', since: new Date().toISOString() }
    await writeFile(path, `${JSON.stringify(own)}\n`)
    // One that cannot be taken away names a process that is gone: nobody is kept out by it.
    return { result: 'held', release: () => rm(path, { force: true }).catch(() => {}) }
  } finally {
    await done()
  }
}

/** Who conducts the workspace now, if anyone does. */
export async function lockHolder(runs: string): Promise<Holder | undefined> {
  const holder = await readHolder(join(runs, 'conductor.lock'))
  return holder !== undefined && isAlive(holder) ? holder : undefined
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const parsed = Holder.safeParse(JSON.parse(await readFile(path, 'utf8')))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** A process on another machine cannot be asked, so it counts as alive. */
function isAlive({ pid, host, started }: Holder): boolean {
  if (host !== hostOf()) return true
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there and belongs to someone else.
    if (errorCode(error) === 'ESRCH') return false
  }
  const now = startOf(pid)
  return now === undefined || started === '' || now === started
}

/** The host's name; with the namespace of its process numbers, because containers may share the name. */
function hostOf(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}

/**
 * When a process started, in the kernel's own count (proc(5), field 22 of /proc/PID/stat), or `dead` for
 * one that only waits to be reaped. Undefined where there is no /proc: then the number alone has to do.
 */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name in parentheses may hold anything; what follows the last one is counted from field 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? 'dead' : fields[19]
  } catch {
    return undefined
  }
}
