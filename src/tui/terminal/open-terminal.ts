import { openDevice } from './device.ts'
import { surviveGoneTerminal } from './gone-terminal.ts'
import type { Key } from './keys.ts'
import { Presenter } from './presenter.ts'
import { takeTerminal, type Session } from './session.ts'

/** The terminal of this process, taken. */
export type Terminal = Pick<Session, 'left' | 'suspend' | 'lend' | 'close'> & {
  /** Ink writes to it as to its stdout, panes paint on it; it emits `resize`. */
  presenter: Presenter
}

/**
 * Takes the terminal that stdin and stdout are.
 * @param fps frames in a second, at most
 */
export function openTerminal({ onKey, fps }: { onKey: (key: Key) => void; fps?: number }): Terminal {
  const { stdin, stdout } = process
  surviveGoneTerminal()
  const device = openDevice()
  const presenter = new Presenter({
    take: device.take,
    // A terminal that does not know its size is taken for the oldest one.
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    onGone: () => session.lose(),
    ...(fps === undefined ? {} : { fps }),
  })
  const resized = () => presenter.resized()
  const page = {
    send: (sequence: string) => presenter.send(sequence),
    pause: () => {
      stdout.off('resize', resized)
      presenter.pause()
    },
    resume: () => {
      presenter.resume()
      stdout.on('resize', resized)
      // Nobody tells a program of a new size while it is stopped or another one has the terminal.
      process.kill(process.pid, 'SIGWINCH')
    },
  }
  const session = takeTerminal({ device, page, stdin, onKey })
  // Asked for its size, a terminal that is gone says so here.
  stdout.on('error', session.lose)
  const { left, suspend, lend, close } = session
  return { presenter, left, suspend, lend, close }
}
