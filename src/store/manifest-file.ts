import { readFile } from 'node:fs/promises'
import { Low } from 'lowdb'
import { TextFile } from 'lowdb/node'
import type { ZodType } from 'zod'
import { Manifest, ManifestHead } from '../core/views/manifest.ts'

/** `manifest.json` of a run that is under way. */
export type ManifestFile = {
  /** The run has changed: the file follows, soon. */
  touch: () => void
  /** Writes what is true now and waits until it is on disk. */
  flush: () => Promise<void>
}

/** Milliseconds; the shortest time between two writes. */
const PAUSE_MS = 500
/** A write that took long is followed by a pause this many times as long: large runs are written less often. */
const PAUSE_FACTOR = 50

/**
 * Keeps the manifest up to date, atomically and not too often: it costs a rewrite of the whole file.
 * @param project makes the manifest's text from the state as it is now
 * @param failed is told when the disk refuses; the manifest can be rebuilt from the events
 */
export function openManifest(path: string, project: () => string, failed: (error: unknown) => void): ManifestFile {
  const database = new Low<string>(new TextFile(path), '')
  let timer: NodeJS.Timeout | undefined
  // The first one comes at once: whoever looks finds a manifest from the beginning on.
  let pause = 0
  let writing: Promise<void> = Promise.resolve()

  async function write(): Promise<void> {
    const begun = performance.now()
    database.data = project()
    await database.write()
    database.data = ''
    pause = Math.max(PAUSE_MS, (performance.now() - begun) * PAUSE_FACTOR)
  }

  return {
    touch: () => {
      timer ??= setTimeout(() => {
        timer = undefined
        writing = writing.then(write).catch(failed)
      }, pause)
    },
    flush: async () => {
      clearTimeout(timer)
      timer = undefined
      await writing
      await write()
    },
  }
}

/** The manifest on disk, or nothing where there is none that can be read: the events hold the truth. */
export async function readManifest(path: string): Promise<Manifest | undefined> {
  return read(path, Manifest)
}

/** The same, but only what it says of the run as a whole. */
export async function readManifestHead(path: string): Promise<ManifestHead | undefined> {
  return read(path, ManifestHead)
}

async function read<Shape>(path: string, shape: ZodType<Shape>): Promise<Shape | undefined> {
  try {
    return shape.safeParse(JSON.parse(await readFile(path, 'utf8'))).data
  } catch {
    return undefined
  }
}
