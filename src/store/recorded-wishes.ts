import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import * as z from 'zod'
import { errorCode } from '../core/error.ts'
import { Door, Wish } from '../core/wish.ts'

/** What somebody wanted of a run while nobody conducted it. */
export const RecordedWish = z.object({
  /** Version of the format. */
  v: z.literal(1),
  /** It is done once under this key, however often it is handed in. */
  key: z.string().min(1).max(300),
  at: z.iso.datetime(),
  run: z.string(),
  wish: Wish,
  by: z.string(),
  door: Door.optional(),
})
export type RecordedWish = z.infer<typeof RecordedWish>

/** A file that holds one, or that cannot be understood. */
export type WishFile = { path: string } & ({ recorded: RecordedWish } | { problem: string })

/** Where what is wanted of a run waits until it is taken up: a file each, whose names sort by when they came. */
export function wishesFolder(runs: string, run: string): string {
  return join(runs, 'wishes', run)
}

/** Bytes; one that this program writes has fewer. */
const LONGEST_FILE = 512 * 1024

/** Tells apart what this process records within a millisecond. */
let count = 0

/**
 * Records a wish; it is on disk when this resolves, whole or not at all.
 * @returns the path of its file
 */
export async function recordWish(runs: string, recorded: RecordedWish): Promise<string> {
  const folder = wishesFolder(runs, recorded.run)
  await mkdir(folder, { recursive: true })
  count = (count + 1) % 10_000
  const time = recorded.at.replaceAll(/[-:.]/g, '')
  const path = join(folder, `${time}-${String(count).padStart(4, '0')}-${randomUUID()}.json`)
  const temporary = join(folder, `.${basename(path)}.tmp`)
  try {
    await writeDurably(temporary, `${JSON.stringify(recorded)}\n`)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  // The names of the file and of its folders are on disk, too.
  for (const place of [folder, dirname(folder), runs]) await syncFolder(place)
  return path
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** What is recorded for a run, in the order in which it came. */
export async function readWishes(runs: string, run: string): Promise<WishFile[]> {
  const folder = wishesFolder(runs, run)
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  })
  const own = names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).sort()
  return Promise.all(own.map((name) => readWish(join(folder, name), run)))
}

async function readWish(path: string, run: string): Promise<WishFile> {
  try {
    const recorded = RecordedWish.parse(JSON.parse(await textOf(path)))
    return recorded.run === run ? { path, recorded } : { path, problem: `is about run ${recorded.run}` }
  } catch {
    return { path, problem: 'is no wish that this version knows' }
  }
}

/** Nothing where it is no regular file, or a large one: a pipe would keep whoever takes the run up waiting, for ever. */
async function textOf(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const found = await file.stat()
    return found.isFile() && found.size <= LONGEST_FILE ? await file.readFile('utf8') : ''
  } finally {
    await file.close()
  }
}

/** Runs for which something is recorded, newest first. */
export async function wantedRuns(runs: string): Promise<string[]> {
  const entries = await readdir(join(runs, 'wishes'), { withFileTypes: true }).catch(() => [])
  // Finder and its kind leave files of their own between them.
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const wanted = await Promise.all(folders.map(async (run) => ((await readWishes(runs, run)).some((file) => 'recorded' in file) ? [run] : [])))
  return wanted.flat().sort().toReversed()
}

export async function deleteWish(path: string): Promise<void> {
  await rm(path, { force: true })
}
