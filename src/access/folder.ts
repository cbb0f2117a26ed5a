import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import lockfile from 'proper-lockfile'

/** `runs/access/`: what says who may come in. */
export type AccessFolder = {
  path: string
  /**
   * Does something that no other process, and nobody else here, does meanwhile: whoever changes a file reads it first,
   * and must not lose what another has written.
   */
  alone: <Result>(work: () => Promise<Result>) => Promise<Result>
}

/** @param runs the workspace's `runs/`, absolute; nothing needs to be there yet, and nothing is made before it is written to */
export function accessFolder(runs: string): AccessFolder {
  const path = join(runs, 'access')
  let work: Promise<unknown> = Promise.resolve()

  async function locked<Result>(call: () => Promise<Result>): Promise<Result> {
    await mkdir(runs, { recursive: true })
    await mkdir(path, { recursive: true, mode: 0o700 })
    // It may have come with a copy of the workspace.
    await chmod(path, 0o700)
    const release = await lockfile.lock(path, {
      lockfilePath: join(path, 'changing'),
      stale: 5_000,
      retries: { retries: 60, minTimeout: 10, maxTimeout: 250 },
      // The machine slept in between. Without this the conductor would end by it.
      onCompromised: () => {},
    })
    try {
      return await call()
    } finally {
      await release().catch(() => {})
    }
  }

  return {
    path,
    alone: (call) => {
      const done = work.then(() => locked(call))
      work = done.catch(() => {})
      return done
    },
  }
}
