import { writeSync } from 'node:fs'
import type { Screen } from '../app/screen.ts'
import { oneLine } from '../core/sanitize.ts'
import { divert, errWrapped, type Kind } from './terminal.ts'

/** A page holds some lines only: what is left out is said once more when it has closed. */
const MOST_REPEATED = 100
/** Nobody reads more of what is no message of ours. */
const MOST_CHARACTERS = 1000

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
  const endStreams = takeStreams(tell)
  process.on('uncaughtExceptionMonitor', sayHowToGoOn)
  let isBack = false
  return () => {
    if (isBack) return
    isBack = true
    screen.close()
    end()
    endWarnings()
    endStreams()
    process.off('uncaughtExceptionMonitor', sayHowToGoOn)
    for (const [text, kind] of repeated) errWrapped(`${kind}: ${text}`)
  }
}

/** The process ends with a stack after this, and the terminal has been given back. */
function sayHowToGoOn(): void {
  writeSync(process.stderr.fd, 'error: Tutti has a bug, and ends; what had completed is kept, and the run goes on with: tutti resume\n')
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

/** What packages write by themselves would stand in the middle of the page: an SDK that warns on the console. */
function takeStreams(tell: (text: string, kind: Kind) => void): () => void {
  const ends = [process.stdout, process.stderr].map((stream) => {
    const usual = stream.write.bind(stream)
    stream.write = (text: string | Uint8Array, ...rest: unknown[]) => {
      tell(oneLine(Buffer.from(text).toString(), MOST_CHARACTERS), stream === process.stderr ? 'warning' : 'note')
      const written = rest.at(-1)
      if (typeof written === 'function') queueMicrotask(() => void written())
      return true
    }
    return () => (stream.write = usual)
  })
  return () => ends.forEach((end) => end())
}
