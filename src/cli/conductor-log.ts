import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Workspace } from '../app/workspace.ts'
import { errorCode } from '../core/error.ts'
import { oneLine } from '../core/sanitize.ts'
import { divert, keepGoingUnheard, type Kind } from './terminal.ts'

/** Where a conductor speaks that has no terminal. */
export function conductorLog({ runs }: Pick<Workspace, 'runs'>): string {
  return join(runs, 'conductor.log')
}

/**
 * Opens it to be added to. What a task may have put in its place leads nowhere else, and keeps nobody waiting.
 * @throws {Error} naming it, where it is no file
 */
export function openConductorLog(workspace: Pick<Workspace, 'runs'>): number {
  const path = conductorLog(workspace)
  let file: number | undefined
  try {
    file = openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600)
  } catch (error) {
    // A link, a folder, a pipe that nobody reads.
    const isOdd = ['ELOOP', 'EISDIR', 'ENXIO'].includes(errorCode(error) ?? '')
    throw isOdd ? noFile(path) : error
  }
  if (fstatSync(file).isFile()) return file
  closeSync(file)
  throw noFile(path)
}

function noFile(path: string): Error {
  return new Error(`${path} is no regular file: move it away, and a new one is made`)
}

/** Nobody reads more of one message. */
const MOST_CHARACTERS = 2_000

/** From now on all that is said goes into `runs/conductor.log`, a line each; to nobody, where there can be none. */
export function speakIntoLog(workspace: Pick<Workspace, 'runs'>): void {
  const file = openedOrNone(workspace)
  divert((text, kind) => {
    if (file === undefined || text.trim() === '') return
    try {
      writeSync(file, `${new Date().toISOString()} ${KINDS[kind]}${oneLine(text, MOST_CHARACTERS)}\n`)
    } catch {
      // A full disk ends the run by its own log; this one is for people.
    }
  })
}

/** The terminal is gone: what cannot be written is no reason to end the work. */
function openedOrNone(workspace: Pick<Workspace, 'runs'>): number | undefined {
  try {
    return openConductorLog(workspace)
  } catch {
    return undefined
  }
}

const KINDS: Record<Kind, string> = { note: '', warning: 'warning: ', error: 'error: ' }

/**
 * The line that drops, or the window that is shut, does not end the work: it goes on without anybody who looks, and
 * speaks into its log.
 * @param hungUp is told, once
 * @returns ends the listening
 */
export function goOnWhenHungUp(workspace: Pick<Workspace, 'runs'>, hungUp = () => {}): () => void {
  let isHungUp = false
  const onHangUp = () => {
    if (isHungUp) return
    isHungUp = true
    keepGoingUnheard()
    speakIntoLog(workspace)
    hungUp()
  }
  process.on('SIGHUP', onHangUp)
  return () => process.off('SIGHUP', onHangUp)
}
