import type { Screen } from '../app/screen.ts'
import { divert, errWrapped, type Kind } from './terminal.ts'

/** A page holds some lines only: what is left out is said once more when it has closed. */
const MOST_REPEATED = 100

/**
 * Lets the screen have the terminal: what would be written is told there.
 * @returns closes the screen, and says once more on stderr what it was warned of; a second call does nothing
 */
export function takeTerminal(screen: Screen): () => void {
  const repeated = new Map<string, Kind>()
  function tell(text: string, kind: Kind): void {
    if (kind !== 'note' && repeated.size < MOST_REPEATED) repeated.set(text, kind)
    screen.tell(text, kind)
  }
  const end = divert(tell)
  const endWarnings = takeWarnings((text) => tell(text, 'warning'))
  let isBack = false
  return () => {
    if (isBack) return
    isBack = true
    screen.close()
    end()
    endWarnings()
    for (const [text, kind] of repeated) errWrapped(`${kind}: ${text}`)
  }
}

/** Node and packages warn on stderr, whoever has the terminal; these are told like all others. */
function takeWarnings(tell: (text: string) => void): () => void {
  const usual = process.listeners('warning')
  const listener = ({ name, message }: Error) => tell(`${name}: ${message}`)
  process.removeAllListeners('warning').on('warning', listener)
  return () => {
    process.off('warning', listener)
    for (const each of usual) process.on('warning', each)
  }
}
