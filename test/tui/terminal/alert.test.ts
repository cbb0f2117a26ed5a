import { describe, expect, it } from 'vitest'
import { alertSequence } from '../../../src/tui/terminal/alert.ts'
import { capabilitiesOf } from '../../../src/tui/terminal/capabilities.ts'
import { openEmulator } from '../../pty/emulator.ts'

const BELL = '\u0007'
const alertIn = (env: Record<string, string>, text = '"deploy" waits for approval') => alertSequence(text, capabilitiesOf(env))

describe('a call for a person', () => {
  it.each([{ TERM: 'xterm-256color' }, { TERM: 'linux' }, { STY: '1.pts-0', TERM: 'screen' }, { TERM_PROGRAM: 'Apple_Terminal' }])('is the bell alone where no notice is known to be shown: %j', (env) => {
    expect(alertIn(env)).toBe(BELL)
  })

  it.each([{ TERM_PROGRAM: 'iTerm.app' }, { TERM_PROGRAM: 'WezTerm' }, { TERM: 'xterm-kitty' }, { TERM: 'xterm-ghostty' }])('is a notice by OSC 9 too in %j', (env) => {
    expect(alertIn(env)).toBe(`${BELL}\u001b]9;Tutti: "deploy" waits for approval${BELL}`)
  })

  it.each([{ TERM: 'foot' }, { TERM: 'rxvt-unicode-256color' }, { TERM: 'xterm-256color', VTE_VERSION: '7802' }])('is a notice by OSC 777 too in %j', (env) => {
    expect(alertIn(env)).toBe(`${BELL}\u001b]777;notify;Tutti;"deploy" waits for approval${BELL}`)
  })

  it('goes through tmux as far as that lets it, whatever terminal is around', () => {
    expect(alertIn({ TMUX: '/tmp/tmux,1,0', TERM_PROGRAM: 'iTerm.app' })).toBe(`${BELL}\u001bPtmux;\u001b\u001b]9;Tutti: "deploy" waits for approval${BELL}\u001b\\`)
  })

  it('is short, and nothing in its words ends it early or is a command', () => {
    const hostile = `a\u0007\u001b]52;c;AAAA\u0007\u001b\\\u009c\u009b31m\nb${'x'.repeat(500)}`
    for (const env of [{ TERM: 'xterm-kitty' }, { TERM: 'foot' }]) {
      const sequence = alertIn(env, hostile)
      expect(sequence.length).toBeLessThan(160)
      expect(sequence.slice(1, -1).match(/\p{Cc}/gu)).toEqual(['\u001b'])
    }
  })

  it('keeps to ASCII in a terminal of another encoding', () => {
    expect(alertIn({ TERM: 'foot', LANG: 'en_US.ISO-8859-1' }, '"grüße" wartet')).toContain('"gr??e" wartet')
  })

  it('draws nothing, on a terminal that shows notices or not', async () => {
    for (const env of [{ TERM: 'xterm' }, { TERM: 'xterm-kitty' }, { TERM: 'foot' }]) {
      const emulator = openEmulator(40, 5)
      emulator.write(`before${alertIn(env)} after`)
      await emulator.settled()
      expect(emulator.screen().join("\n").trim()).toBe('before after')
    }
  })
})
