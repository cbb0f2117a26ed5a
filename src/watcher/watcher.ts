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

/**
 * Watches the files that lie directly in some folders.
 * @param folders absolute; they exist
 * @param accepts whether a file of this name is of interest
 * @param report is called with changes that came together, absolute paths
 */
export type Watch = (folders: readonly string[], accepts: (name: string) => boolean, report: (changes: FileChange[]) => void) => Watcher
