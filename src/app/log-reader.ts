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
  /** As it stands now, or as it stood at a time (ms since 1970). */
  text: (at?: number) => LogText
  /** When a byte came, in ms since 1970, where that is known. */
  timeOf: (byte: number) => number | undefined
  close: () => void
}

/**
 * @param cameAt when a log came that has no times, as it came all at once: at the end of its attempt, in ms since 1970. Undefined
 *   where that is not known.
 */
export function openLogReader(folder: RunFolder, task: string, attempt: number, cameAt: () => number | undefined): LogReader {
  const log = openPagedFile(attemptLogPath(folder, task, attempt))
  const file = openPagedFile(attemptTimesPath(folder, task, attempt))
  const times = logTimes(file)
  const lengthAt = (at: number, size: number) => times.lengthAt(at, size) ?? ((cameAt() ?? 0) <= at ? size : 0)
  return {
    size: log.size,
    text: (at) => {
      const size = log.size()
      return logText(log, at === undefined ? size : lengthAt(at, size))
    },
    timeOf: (byte) => times.of(byte) ?? cameAt(),
    close: () => {
      log.close()
      file.close()
    },
  }
}
