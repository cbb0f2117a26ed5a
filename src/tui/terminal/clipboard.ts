import type { Capabilities } from './capabilities.ts'

/** Bytes of base64 that terminals take in one sequence: what xterm takes, and others have taken over from it. */
const MOST_BASE64 = 74_994
/** GNU screen takes no longer sequences than this to hand on. */
const SCREEN_PIECE = 240

/** What has to be sent so that a text is on the clipboard, and what a person should know of it; or why it cannot be done. */
export type Copying = { sequence: string; hint?: string } | { problem: string }

/**
 * Copies by OSC 52, which goes as far as the screen does, over SSH too. A terminal never says whether it took it:
 * where it may have to be asked to, there is a hint.
 */
export function copying(text: string, { via, hint }: Capabilities['clipboard']): Copying {
  const base64 = Buffer.from(text).toString('base64')
  if (base64.length > MOST_BASE64) return { problem: `too long to copy: a terminal takes ${Math.floor(MOST_BASE64 / 4) * 3} bytes` }
  const sequence = `\u001b]52;c;${base64}\u0007`
  const hinted = hint === undefined ? {} : { hint }
  switch (via) {
    case 'nothing':
      return { problem: hint }
    case 'terminal':
      return { sequence, ...hinted }
    case 'tmux':
      // One way is open with `set-clipboard on`, the other with `allow-passthrough on`; what is closed does nothing.
      return { sequence: `${sequence}\u001bPtmux;\u001b${sequence}\u001b\\`, ...hinted }
    case 'screen':
      return { sequence: piecesOf(sequence, SCREEN_PIECE).map((piece) => `\u001bP${piece}\u001b\\`).join(''), ...hinted }
  }
}

const piecesOf = (text: string, length: number) => Array.from({ length: Math.ceil(text.length / length) }, (_, index) => text.slice(index * length, (index + 1) * length))
