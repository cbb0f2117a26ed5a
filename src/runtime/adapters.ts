import type { CheckSpec, FileStatus } from '../core/task.ts'
import type { CheckRow } from '../core/outcome.ts'
import type { Redactor } from '../core/redact.ts'
import type { Subject } from '../checks/check.ts'
import type { Provider } from '../providers/provider.ts'
import type { AttemptLog, Cache, Outputs } from '../store/store.ts'

/** What the runtime needs of the rest of the house, by interface only; app/run.ts hands it over. */
export type Adapters = {
  /** The provider of this name; settings name only those that exist. */
  provider: (name: string) => Promise<Provider>
  /** What the configuration says of a provider, as it is written: answers that it changes are not the same. */
  identity: (name: string) => string
  outputs: Outputs
  cache: Cache
  attemptLog: (task: string, attempt: number) => AttemptLog
  runChecks: (checks: readonly CheckSpec[], subject: Subject) => Promise<CheckRow[]>
  /**
   * Writes the status into a task file and moves it to where it belongs; gives its new place. A file
   * whose content is no longer the one that was run stays.
   * @param file where it was dropped, and where it lies now
   */
  fileAway: (file: { file: string; path: string }, status: FileStatus, content_sha256: string) => Promise<{ path: string; problem?: string }>
  redactor: Redactor
  /** The workspace, absolute: commands run there unless their task says otherwise. */
  workspace: string
  /** The run's folder, absolute. */
  runFolder: string
  contextMaxChars: number
}
