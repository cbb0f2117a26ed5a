import { realpath } from 'node:fs/promises'
import { isAbsolute, relative, resolve } from 'node:path'

/**
 * Whether an agent may work in a folder: links followed, it has to be one of the roots or to lie below one.
 * @param folder absolute
 * @param roots absolute, or relative to the workspace
 */
export async function isWithinRoots(folder: string, roots: readonly string[], workspace: string): Promise<boolean> {
  const [real, ...allowed] = await Promise.all([folder, ...roots.map((root) => resolve(workspace, root))].map(realOf))
  return real !== undefined && allowed.some((root) => root !== undefined && contains(root, real))
}

/** Whether a path is a folder or lies below it, going by the names alone. */
export function contains(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way)
}

async function realOf(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined)
}
