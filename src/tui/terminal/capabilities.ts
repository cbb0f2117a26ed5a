import { hasColors, hasUnicode } from '../../core/views/terminal-env.ts'

type Env = Readonly<Record<string, string | undefined>>

/** What a terminal can do, as far as the environment tells. */
export type Capabilities = {
  unicode: boolean
  colors: boolean
  /** What carries a text to the clipboard, and what a person may have to do for it, or why nothing does. */
  clipboard: { via: 'terminal' | 'tmux' | 'screen'; hint?: string } | { via: 'nothing'; hint: string }
  /** What shows a notice on the desktop. */
  notice: 'osc9' | 'osc777' | 'tmux' | 'nothing'
}

/** What the terminal of a process can do. */
export function capabilitiesOf(env: Env): Capabilities {
  return { unicode: hasUnicode(env), colors: hasColors(env), clipboard: clipboardOf(env), notice: noticeOf(env) }
}

/** VTE took no OSC 52 before its version 0.76. */
const FIRST_VTE = 7600

function clipboardOf(env: Env): Capabilities['clipboard'] {
  // A multiplexer hides which terminal is around it.
  if (env['TMUX']) return { via: 'tmux', hint: 'if it did not arrive: tmux set -s set-clipboard on' }
  if (env['STY']) return { via: 'screen' }
  if (env['TERM_PROGRAM'] === 'Apple_Terminal') return { via: 'nothing', hint: 'Terminal.app lets no program copy; select the text with the mouse' }
  if (env['TERM'] === 'linux') return { via: 'nothing', hint: 'the Linux console has no clipboard' }
  const vte = Number(env['VTE_VERSION'] ?? FIRST_VTE)
  if (vte < FIRST_VTE) return { via: 'nothing', hint: 'this terminal (VTE) lets no program copy; select the text with the mouse' }
  if (env['XTERM_VERSION']) return { via: 'terminal', hint: 'if it did not arrive: xterm -xrm "XTerm*allowWindowOps: true"' }
  if (env['TERM_PROGRAM'] === 'iTerm.app') return { via: 'terminal', hint: 'if it did not arrive: Settings > General > Selection > Applications in terminal may access clipboard' }
  return { via: 'terminal' }
}

const OSC9_PROGRAMS: ReadonlySet<string | undefined> = new Set(['iTerm.app', 'WezTerm', 'ghostty'])

function noticeOf(env: Env): Capabilities['notice'] {
  if (env['TMUX']) return 'tmux'
  // It hands on whatever it is given, to a terminal that nobody knows.
  if (env['STY']) return 'nothing'
  const term = env['TERM'] ?? ''
  if (OSC9_PROGRAMS.has(env['TERM_PROGRAM']) || /^xterm-(?:kitty|ghostty)$/.test(term)) return 'osc9'
  // VTE itself drops it, and shows it as several distributions build it.
  if (/^(?:foot|rxvt-unicode)/.test(term) || env['VTE_VERSION']) return 'osc777'
  return 'nothing'
}
