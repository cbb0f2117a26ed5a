import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { relativePath } from '../files/relative-path.ts'
import type { Check, Subject } from './check.ts'

const Path = z.string().superRefine((path, context) => {
  const wanted = relativePath(path)
  if ('reason' in wanted) context.addIssue({ code: 'custom', message: `not a path below the task's folder: ${wanted.reason}` })
})

/** Files are there and hold something: in the output folder, or where the task works. */
export const files: Check<string | string[]> = {
  rule: 'files',
  value: z.union([Path, z.array(Path).min(1)]).describe('a file that must exist and not be empty, or a list of such files; relative paths'),
  run: (value, subject) =>
    Promise.all(
      [value].flat().map(async (path) => {
        const state = await stateOf(path, subject)
        const expected = `a file ${JSON.stringify(path)} that is not empty`
        return { rule: 'files', expected, found: IN_WORDS[state], passed: state === 'filled' }
      }),
    ),
}

type FileState = 'filled' | 'empty' | 'folder' | 'missing'

/** A command that wrote elsewhere has to learn where its files belong. */
const IN_WORDS: Record<FileState, string> = {
  filled: 'it is there',
  empty: 'it is there, but it is empty',
  folder: 'a folder of that name',
  missing: 'there is no such file below $TUTTI_OUTPUT_DIR',
}

/** The better of the two places counts; where neither has the file, the output folder's answer is told. */
async function stateOf(path: string, { folder, cwd }: Subject): Promise<FileState> {
  const first = await look(join(folder, path))
  if (first === 'filled') return first
  const second = await look(join(cwd, path))
  return second === 'filled' || first === 'missing' ? second : first
}

async function look(path: string): Promise<FileState> {
  const stats = await stat(path).catch(() => undefined)
  if (stats === undefined) return 'missing'
  if (stats.isDirectory()) return 'folder'
  return stats.size === 0 ? 'empty' : 'filled'
}
