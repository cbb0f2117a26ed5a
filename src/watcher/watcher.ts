/** What happens to the files of a folder that is watched. */
export type FileChange =
  /** The file is there and whole: it is new, or other than it was. */
  | { type: 'changed'; path: string }
  | { type: 'gone'; path: string }

type Watcher = {
  /** Resolves when everything that was there at the start has been reported. */
  ready: Promise<void>
  close: () => Promise<void>
}

type WatcherHooks = {
  /** Whether a file of this name is of interest. */
  accepts: (name: string) => boolean
  /** Is called with changes that came together, absolute paths. */
  report: (changes: FileChange[]) => void
  /** Something could not be watched (a loop of links, say); the rest still is. */
  failed: (error: unknown) => void
}

/**
 * Watches the files that lie directly in some folders.
 * @param folders absolute; they exist
 */
export type WatchFolders = (folders: readonly string[], hooks: WatcherHooks) => Watcher
