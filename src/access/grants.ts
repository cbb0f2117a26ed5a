import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../core/error.ts'
import type { AccessFolder } from './folder.ts'
import { Grant, isInTime } from './grant.ts'
import { recordFile } from './record-file.ts'

/** Milliseconds that may pass until it is seen here what another process has revoked. */
const LOOK_MS = 1000

/** Who was let in: `runs/access/tokens.json`. */
export type Grants = {
  /** The grant with this id as of a second ago at most; one that was just made is there at once. */
  find: (id: string) => Promise<Grant | undefined>
  /** All that have not come to their end, as they are now. */
  all: () => Promise<Grant[]>
  /**
   * Changes them as they are now; nobody else does meanwhile. Those that have come to their end are dropped.
   * @param edit gives the grants as they are to be, or undefined where nothing changes, and what the call comes to
   */
  change: <Result>(edit: (grants: readonly Grant[]) => Promise<Change<Result>> | Change<Result>) => Promise<Result>
}

type Change<Result> = { grants: readonly Grant[] | undefined; result: Result }

/** @param now milliseconds since 1970 */
export function openGrants(folder: AccessFolder, now: () => number): Grants {
  const file = recordFile(join(folder.path, 'tokens.json'), Grant)
  let known: { grants: ReadonlyMap<string, Grant>; stamp: string } = { grants: new Map(), stamp: '' }
  let looked = -Infinity
  let looking: Promise<void> = Promise.resolve()

  async function load(): Promise<void> {
    const at = now()
    const stamp = await stampOf(file.path)
    // What is written after this has another stamp, and is read the next time.
    if (stamp !== known.stamp) known = { grants: new Map((await file.read()).map((grant) => [grant.id, grant])), stamp }
    looked = at
  }

  /** One look after the other: a slow one must not bring back what a later one has seen. */
  function look(isNeeded: () => boolean): Promise<void> {
    const done = looking.then(() => (isNeeded() ? load() : undefined))
    looking = done.catch(() => {})
    return done
  }

  // A clock that was set back is no reason not to look.
  const isOld = () => Math.abs(now() - looked) >= LOOK_MS

  return {
    find: async (id) => {
      if (isOld()) await look(isOld)
      if (!known.grants.has(id)) await look(() => !known.grants.has(id))
      return known.grants.get(id)
    },
    all: async () => (await file.read()).filter((grant) => isInTime(grant, now())),
    change: (edit) =>
      folder.alone(async () => {
        const { grants, result } = await edit(await file.read())
        if (grants !== undefined) {
          await file.write(grants.filter((grant) => isInTime(grant, now())))
          await look(() => true)
        }
        return result
      }),
  }
}

/** Tells one version of a file from another: each is a file of its own that took the name. */
async function stampOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true })
    return `${ino} ${size} ${mtimeNs}`
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return ''
    throw error
  }
}
