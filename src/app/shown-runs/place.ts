import { relative } from 'node:path'
import type { RunFolder } from '../../store/run-folder.ts'

/** Where a run lies, also as a person would type it. */
export function placeOf(folder: RunFolder): { folder: RunFolder; path: string } {
  return { folder, path: relative(process.cwd(), folder.path) || '.' }
}
