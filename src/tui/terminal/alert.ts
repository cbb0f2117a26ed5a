import { oneLine } from '../../core/sanitize.ts'
import type { Capabilities } from './capabilities.ts'

const BELL = '\u0007'
/** Characters; a notice is a line in a corner of the desktop. */
const LONGEST = 120

/**
 * What has to be sent so that a terminal calls for a person: its bell, and a notice on the desktop where the terminal is
 * known to show one. OSC 9 is iTerm2's (https://iterm2.com/documentation-escape-codes.html), OSC 777 urxvt's.
 */
export function alertSequence(text: string, { notice, unicode }: Pick<Capabilities, 'notice' | 'unicode'>): string {
  const line = oneLine(text, LONGEST)
  // A terminal of another encoding may take a part of a letter for the end of the sequence.
  const safe = unicode ? line : line.replaceAll(/[^\u0020-\u007e]/g, '?')
  // Behind OSC 9 a number would be another command to some: the name stands first.
  const osc9 = `\u001b]9;Tutti: ${safe}${BELL}`
  switch (notice) {
    case 'nothing':
      return BELL
    case 'osc9':
      return BELL + osc9
    case 'osc777':
      return `${BELL}\u001b]777;notify;Tutti;${safe}${BELL}`
    case 'tmux':
      // It goes on to the terminal around with `allow-passthrough on`, and does nothing otherwise. The bell is tmux's own.
      return `${BELL}\u001bPtmux;\u001b${osc9}\u001b\\`
  }
}
