import { createWriteStream, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import type { RunFolder } from './run-folder.ts'
import type { AttemptLog } from './store.ts'

/** The path of an attempt's log, absolute. */
export function attemptLogPath({ logs }: RunFolder, task: string, attempt: number): string {
  return join(logs, `${task}.${attempt}.log`)
}

/** @param max_bytes what goes beyond is left out, and the log says so once */
export function openAttemptLog(folder: RunFolder, task: string, attempt: number, max_bytes: number): AttemptLog {
  let file: WriteStream | undefined
  let left = max_bytes

  return {
    write: (text) => {
      if (text === '' || left <= 0) return
      file ??= create(attemptLogPath(folder, task, attempt))
      left -= Buffer.byteLength(text)
      file.write(left > 0 ? text : `${text}\n[… the log is cut off here: it has reached its limit of ${max_bytes} bytes]\n`)
    },
    isEmpty: () => file === undefined,
    close: async () => {
      if (file === undefined) return
      file.end()
      await finished(file)
    },
  }
}

function create(path: string): WriteStream {
  const file = createWriteStream(path)
  // Told by `close`; without a listener it would end the process first.
  file.on('error', () => {})
  return file
}
