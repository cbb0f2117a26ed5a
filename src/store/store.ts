import type { CacheEntry, KeptFile } from '../core/cache-entry.ts'
import type { Event } from '../core/events.ts'
import type { FileRecord, RefusedFile } from '../core/outcome.ts'

/*
 * What the runtime needs of the store: types only. The files beside this one implement it on disk.
 */

/** The truth of a run: one event a line, appended and never changed. */
export type EventLog = {
  /** Takes an event, in memory and in order. It is on disk once a later `durable()` has resolved. */
  append: (event: Event) => void
  /**
   * Resolves when everything appended so far is on disk. Calls that come while a flush is under way
   * share the next one. Rejects, from then on for ever, when the disk refuses.
   */
  durable: () => Promise<void>
  /** Flushes made so far. */
  flushes: () => number
  close: () => Promise<void>
}

/** What tasks produce: `outputs/<task>/`. Paths in records are relative to the run's folder. */
export type Outputs = {
  /** A task's folder, absolute; it may not exist yet. */
  folder: (task: string) => string
  /** Makes a task's folder, for a command to write into. */
  prepare: (task: string) => Promise<void>
  /** Keeps the answer's text as `output.md`; an empty one leaves no file. */
  writeAnswer: (task: string, text: string) => Promise<FileRecord | undefined>
  /** Writes the files of an answer, none of them outside the task's folder. */
  writeFiles: (task: string, files: readonly { path: string; content: string }[]) => Promise<Written>
  /** Records what a command left in its folder. */
  collect: (task: string) => Promise<Written>
  /** The text of a file by its record's path. */
  read: (path: string) => Promise<string>
  /**
   * What a command left, byte by byte, so that it can be restored; undefined where it cannot: it is no longer
   * as it was recorded, or there are links among it.
   */
  keep: (task: string, files: readonly FileRecord[]) => Promise<KeptFile[] | undefined>
  /** Writes what `keep` gave, none of it outside the task's folder; false where something of it may not be written. */
  restore: (task: string, files: readonly KeptFile[]) => Promise<boolean>
}

export type Written = { files: FileRecord[]; refused: RefusedFile[] }

/** Answers of earlier runs, by what they are answers to. Several processes may use it at once. */
export type Cache = {
  /** The entry of this key, which counts as used now; undefined where there is none that can be read. */
  get: (key: string) => Promise<CacheEntry | undefined>
  /** Keeps an entry in the place of an earlier one. What is too large, or what the disk refuses, is not kept: it is asked for again. */
  put: (key: string, entry: Omit<CacheEntry, 'v' | 'made_at'>) => Promise<void>
  /** Bytes that an entry may have. */
  max_bytes: number
  /**
   * What files hold: their hashes by their paths relative to `root`. A folder means all files below it; one
   * that is not there is null. Undefined where that cannot be told: a file cannot be read, or it is too much.
   */
  hashFiles: (root: string, paths: readonly string[]) => Promise<Record<string, string | null> | undefined>
}

/**
 * What an attempt said while it ran: `logs/<task>.<attempt>.log`, and beside it when. An attempt that says nothing
 * leaves no file.
 */
export type AttemptLog = {
  write: (text: string) => void
  /** Whether nothing has been written yet. */
  isEmpty: () => boolean
  /** Waits until everything is in the file. Throws `DiskRefusal` where the disk does not take it. */
  close: () => Promise<void>
}
