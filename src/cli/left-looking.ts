import type { Leaving } from '../app/screen.ts'
import { SIGNAL_EXIT } from './signals.ts'
import { EXIT, type ExitCode } from './exit-code.ts'

/** What it means to the shell that a page was left which only looked on. */
export function exitOfLooking(leaving: Leaving): ExitCode {
  switch (leaving.why) {
    case 'quit':
      return EXIT.done
    case 'signal':
      return SIGNAL_EXIT[leaving.signal]
    case 'gone':
      return EXIT.sighup
    case 'broken':
      throw leaving.error
  }
}
