/** The `code` of a system error (`ENOENT`, `EEXIST`, …); undefined for anything else that was thrown. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** What an error says, whatever was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** What a disk refuses to every task alike, by the code of its error. */
const REFUSALS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EROFS: 'the file system is read-only',
  EIO: 'the disk reports an error',
}

/** The disk refuses to keep something. No task is at fault, so none fails of it: the run is left, to be taken up again. */
export class DiskRefusal extends Error {
  override name = 'DiskRefusal'
}

/**
 * What is to be thrown on for an error that came of a file: where the disk refuses, it says which one and why.
 * @param path for errors that do not tell it themselves, as those of an open file
 */
export function refusedAt(path: string | undefined, error: unknown): unknown {
  const why = REFUSALS[errorCode(error) ?? '']
  if (why === undefined) return error
  const where = path ?? (error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined)
  return new DiskRefusal(`${where === undefined ? '' : `${where}: `}${why} (${errorMessage(error)})`, { cause: error })
}
