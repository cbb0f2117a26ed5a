import { openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Workspace } from '../app/workspace.ts'
import { oneLine } from '../core/sanitize.ts'
import { divert, keepGoingUnheard, type Kind } from './terminal.ts'

/** Where a conductor speaks that has no terminal. */
export function conductorLog({ runs }: Pick<Workspace, 'runs'>): string {
  return join(runs, 'conductor.log')
}

/** Nobody reads more of one message. */
const MOST_CHARACTERS = 2_000

/** From now on all that is said goes into `runs/conductor.log`, a line each. */
export function speakIntoLog(workspace: Pick<Workspace, 'runs'>): void {
  const file = openSync(conductorLog(workspace), 'a', 0o600)
  divert((text, kind) => {
    if (text.trim() === '') return
    try {
      writeSync(file, `${new Date().toISOString()} ${KINDS[kind]}${oneLine(text, MOST_CHARACTERS)}\n`)
    } catch {
      // A full disk ends the run by its own log; this one is for people.
    }
  })
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
