import { attemptLogPath, attemptTimesPath } from '../store/attempt-log.ts'
import { logText, type LogText } from '../store/log-text.ts'
import { logTimes } from '../store/log-times.ts'
import { openPagedFile } from '../store/paged-file.ts'
import type { RunFolder } from '../store/run-folder.ts'

export type { LogLine, LogText } from '../store/log-text.ts'

/** The log of one attempt, read where one looks; it may still grow, or not be there yet. */
export type LogReader = {
  /** Bytes so far. */
  size: () => number
  /** As it stands now; or as it stood at a time (ms since 1970), where it was written down when it came. */
  text: (at?: number) => LogText
  /** When a byte came, in ms since 1970, where that was written down. */
  timeOf: (byte: number) => number | undefined
  close: () => void
}

export function openLogReader(folder: RunFolder, task: string, attempt: number): LogReader {
  const log = openPagedFile(attemptLogPath(folder, task, attempt))
  const file = openPagedFile(attemptTimesPath(folder, task, attempt))
  const times = logTimes(file)
  return {
    size: log.size,
    text: (at) => {
      const size = log.size()
      return logText(log, at === undefined ? size : (times.lengthAt(at, size) ?? size))
    },
    timeOf: times.of,
    close: () => {
      log.close()
      file.close()
    },
  }
}
