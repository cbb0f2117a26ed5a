import type { CheckRow, FileRecord } from './outcome.ts'
import type { TaskSpec } from './task.ts'

/** Whether answers of a task are held against something before they count. */
export function hasChecks({ checks, outputs }: TaskSpec): boolean {
  return checks.length > 0 || outputs.length > 0
}

/**
 * Holds the files of one answer against those that its task declares: what an earlier attempt wrote, or
 * lay there before, does not count.
 */
export function declaredFiles({ id, outputs }: TaskSpec, files: readonly FileRecord[]): CheckRow[] {
  const sizes = new Map(files.map(({ path, size }) => [path, size]))
  return outputs.map((path) => {
    const size = sizes.get(`outputs/${id}/${path.replace(/^(?:\.\/)+/, '')}`)
    const found = size === undefined ? 'the answer has no such file' : size === 0 ? 'it is empty' : 'it is there'
    return { rule: 'files', expected: `a file ${JSON.stringify(path)} that is not empty, as a fenced code block`, found, passed: (size ?? 0) > 0 }
  })
}
