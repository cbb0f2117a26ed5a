import { join } from 'node:path'
import { createRedactor } from '../src/core/redact.ts'
import type { Provider } from '../src/providers/provider.ts'
import { createPerformer, type Performer } from '../src/runtime/perform.ts'
import { openAttemptLog } from '../src/store/attempt-log.ts'
import { openCache } from '../src/store/cache.ts'
import { openOutputs } from '../src/store/outputs.ts'
import type { RunFolder } from '../src/store/run-folder.ts'

/** What carries out attempts with the real store, where what answers them is given. @param dir the workspace */
export function performerIn(dir: string, folder: RunFolder, run: Provider['run'], max_log_bytes = 10_000_000): Performer {
  return createPerformer({
    provider: () => Promise.resolve({ run, health: () => Promise.resolve({ state: 'ready', detail: '' }) }),
    identity: (name) => name,
    outputs: openOutputs(folder),
    cache: openCache(join(dir, 'runs', 'cache')),
    attemptLog: (task, attempt) => openAttemptLog(folder, task, attempt, max_log_bytes),
    runChecks: () => Promise.resolve([]),
    fileAway: ({ path }) => Promise.resolve({ path }),
    redactor: createRedactor([]),
    workspace: dir,
    runFolder: folder.path,
    contextMaxChars: 0,
  })
}
