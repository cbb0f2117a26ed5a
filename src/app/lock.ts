import { lockHolder, takeLock } from '../store/lock.ts'
import type { Workspace } from './workspace.ts'

/**
 * Does something as the workspace's only conductor.
 * @returns what it came to, or who conducts already
 */
export async function asConductor<Result>({ runs }: Workspace, work: () => Promise<Result>): Promise<{ result: Result } | { problem: string }> {
  const lock = await takeLock(runs)
  if (lock.result === 'taken') {
    const { pid, host, since } = lock.by
    const advice = 'end it first (tutti stop), or delete runs/conductor.lock if that machine is gone'
    return { problem: `a conductor works in this workspace already (process ${pid} on ${host}, since ${since}); one at a time: ${advice}` }
  }
  try {
    return { result: await work() }
  } finally {
    await lock.release()
  }
}

/** The process that conducts the workspace now, if there is one. */
export async function conductorOf({ runs }: Workspace): Promise<number | undefined> {
  return (await lockHolder(runs))?.pid
}
