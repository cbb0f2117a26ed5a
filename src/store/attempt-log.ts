import { createWriteStream, type WriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
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

/** The path of what tells when each part of an attempt's log came, absolute. A log that came at once has none. */
export function attemptTimesPath({ logs }: RunFolder, task: string, attempt: number): string {
  return join(logs, `${task}.${attempt}.times`)
}

/** How exactly it is kept when something came, in ms: a fast log must not have a slow one beside it. What comes first waits no longer either. */
const TIMES_APART_MS = 100
/** What comes first is written together, up to so many bytes. */
const GATHER_BYTES = 64 * 1024

/**
 * How far a log is. One that is over as soon as it has begun is written in one go, and came at the end of its attempt: it has no
 * file of times.
 *
 *   silent ──▶ gathered ──▶ streamed
 */
type Stage =
  | { is: 'silent' }
  | { is: 'gathered'; parts: string[]; since: number; timer: NodeJS.Timeout }
  | { is: 'streamed'; log: WriteStream; times: WriteStream; last: number }

/**
 * @param max_bytes what goes beyond is left out, and the log says so once
 * @param now ms since 1970
 */
export function openAttemptLog(folder: RunFolder, task: string, attempt: number, max_bytes: number, now: () => number = Date.now): AttemptLog {
  const path = attemptLogPath(folder, task, attempt)
  let stage: Stage = { is: 'silent' }
  let written = 0

  function add(part: string, from: number, at: number): void {
    switch (stage.is) {
      case 'silent':
        stage = { is: 'gathered', parts: [part], since: at, timer: setTimeout(stream, TIMES_APART_MS) }
        return
      case 'gathered':
        if (at >= stage.since + TIMES_APART_MS || from > GATHER_BYTES) {
          stream()
          return add(part, from, at)
        }
        stage.parts.push(part)
        return
      case 'streamed':
        if (at >= stage.last + TIMES_APART_MS) {
          stage.times.write(timeEntry(from, at))
          stage.last = at
        }
        stage.log.write(part)
    }
  }

  function stream(): void {
    if (stage.is !== 'gathered') return
    const { parts, since, timer } = stage
    clearTimeout(timer)
    stage = { is: 'streamed', log: create(path), times: create(attemptTimesPath(folder, task, attempt)), last: since }
    stage.times.write(timeEntry(0, since))
    stage.log.write(parts.join(''))
  }

  return {
    write: (text) => {
      if (text === '' || written >= max_bytes) return
      const from = written
      written += Buffer.byteLength(text)
      add(written < max_bytes ? text : `${text}\n[… the log is cut off here: it has reached its limit of ${max_bytes} bytes]\n`, from, now())
    },
    isEmpty: () => stage.is === 'silent',
    close: async () => {
      const failure = await end(stage, path).catch((error: unknown) => refusedAt(path, error))
      // A task that takes the folder of its log away has lost what it said, and nothing else.
      if (failure instanceof DiskRefusal) throw failure
    },
  }
}

/** Writes what is left to be written. */
async function end(stage: Stage, path: string): Promise<void> {
  switch (stage.is) {
    case 'silent':
      return
    case 'gathered':
      clearTimeout(stage.timer)
      return writeFile(path, stage.parts.join(''))
    case 'streamed':
      stage.log.end()
      stage.times.end()
      // Without its times a log is still whole.
      await Promise.all([finished(stage.log), finished(stage.times).catch(() => {})])
  }
}

function create(path: string): WriteStream {
  const file = createWriteStream(path)
  // Told by `close`; without a listener it would end the process first.
  file.on('error', () => {})
  return file
}
