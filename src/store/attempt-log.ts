import { createWriteStream, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { DiskRefusal, refusedAt } from '../core/error.ts'
import { timeEntry } from './log-times.ts'
import type { RunFolder } from './run-folder.ts'
import type { AttemptLog } from './store.ts'

/** The path of an attempt's log, absolute. */
export function attemptLogPath({ logs }: RunFolder, task: string, attempt: number): string {
  return join(logs, `${task}.${attempt}.log`)
}

/** The path of what tells when each part of an attempt's log came, absolute. Logs of older versions have none. */
export function attemptTimesPath({ logs }: RunFolder, task: string, attempt: number): string {
  return join(logs, `${task}.${attempt}.times`)
}

/** How exactly it is kept when something came, in ms: a fast log must not have a slow one beside it. */
const TIMES_APART_MS = 100

/**
 * @param max_bytes what goes beyond is left out, and the log says so once
 * @param now ms since 1970
 */
export function openAttemptLog(folder: RunFolder, task: string, attempt: number, max_bytes: number, now: () => number = Date.now): AttemptLog {
  let open: { log: WriteStream; times: WriteStream } | undefined
  let written = 0
  let last = Number.NEGATIVE_INFINITY

  return {
    write: (text) => {
      if (text === '' || written >= max_bytes) return
      open ??= { log: create(attemptLogPath(folder, task, attempt)), times: create(attemptTimesPath(folder, task, attempt)) }
      const at = now()
      if (at >= last + TIMES_APART_MS) {
        open.times.write(timeEntry(written, at))
        last = at
      }
      written += Buffer.byteLength(text)
      open.log.write(written < max_bytes ? text : `${text}\n[… the log is cut off here: it has reached its limit of ${max_bytes} bytes]\n`)
    },
    isEmpty: () => open === undefined,
    close: async () => {
      if (open === undefined) return
      const { log, times } = open
      log.end()
      times.end()
      // Without its times a log is still whole.
      const [failure] = await Promise.all([
        finished(log).then(
          () => undefined,
          (error: unknown) => refusedAt(attemptLogPath(folder, task, attempt), error),
        ),
        finished(times).catch(() => {}),
      ])
      // A task that takes the folder of its log away has lost what it said, and nothing else.
      if (failure instanceof DiskRefusal) throw failure
    },
  }
}

function create(path: string): WriteStream {
  const file = createWriteStream(path)
  // Told by `close`; without a listener it would end the process first.
  file.on('error', () => {})
  return file
}
