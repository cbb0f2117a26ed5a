import { describe, expect, it } from 'vitest'
import { capabilitiesOf } from '../../../src/tui/terminal/capabilities.ts'
import { copying, type Copying } from '../../../src/tui/terminal/clipboard.ts'

describe('a terminal', () => {
  it.each<[env: Record<string, string>, unicode: boolean]>([
    [{}, true],
    [{ LANG: 'de_DE.UTF-8' }, true],
    [{ LANG: 'de_DE.utf8', LC_ALL: '' }, true],
    [{ LANG: 'de_DE.UTF-8', LC_ALL: 'C' }, false],
    [{ LANG: 'C', LC_CTYPE: 'en_US.UTF-8' }, true],
    [{ LANG: 'en_US.ISO-8859-1' }, false],
  ])('of locale %j shows more than ASCII: %s', (env, unicode) => {
    expect(capabilitiesOf(env).unicode).toBe(unicode)
  })

  it.each<[env: Record<string, string>, colors: boolean]>([
    [{ TERM: 'xterm-256color' }, true],
    [{ TERM: 'vt220' }, false],
    [{ TERM: 'xterm-mono' }, false],
    [{ TERM: 'vt220', FORCE_COLOR: '1' }, true],
    [{ TERM: 'xterm', NO_COLOR: '1' }, false],
    [{ TERM: 'xterm', NO_COLOR: '' }, true],
    [{ TERM: 'xterm', FORCE_COLOR: '0' }, false],
    [{ TERM: 'xterm', NO_COLOR: '1', FORCE_COLOR: '3' }, false],
  ])('with %j has colours: %s', (env, colors) => {
    expect(capabilitiesOf(env).colors).toBe(colors)
  })
})

describe('copying', () => {
  const copyIn = (env: Record<string, string>, text = 'grüße'): Copying => copying(text, capabilitiesOf(env).clipboard)
  const sequenceIn = (env: Record<string, string>, text?: string) => {
    const found = copyIn(env, text)
    if ('problem' in found) throw new Error(found.problem)
    return found.sequence
  }
  const PLAIN = `\u001b]52;c;${Buffer.from('grüße').toString('base64')}\u0007`

  it('hands the text to the terminal', () => {
    expect(copyIn({ TERM: 'xterm-kitty' })).toEqual({ sequence: PLAIN })
    expect(copyIn({ VTE_VERSION: '7802' })).toEqual({ sequence: PLAIN })
  })

  it('hands it through tmux both ways that may be open', () => {
    expect(sequenceIn({ TMUX: '/tmp/tmux,1,0' })).toBe(`${PLAIN}\u001bPtmux;\u001b${PLAIN}\u001b\\`)
    expect(copyIn({ TMUX: '/tmp/tmux,1,0' })).toMatchObject({ hint: expect.stringContaining('set-clipboard on') })
  })

  it('hands it through GNU screen in pieces that it takes', () => {
    const text = 'x'.repeat(1000)
    const pieces = sequenceIn({ STY: '1.pts-0' }, text).split('\u001b\\')
    expect(pieces.every((piece) => piece.length <= 256)).toBe(true)
    expect(pieces.map((piece) => piece.replace('\u001bP', '')).join('')).toBe(`\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`)
  })

  it.each([{ TERM_PROGRAM: 'Apple_Terminal' }, { TERM: 'linux' }, { VTE_VERSION: '6800' }])('is not tried where it never works: %j', (env) => {
    expect(copyIn(env)).toEqual({ problem: expect.stringMatching(/\w+/) })
  })

  it('tells how to allow it where terminals ask for that', () => {
    expect(copyIn({ XTERM_VERSION: 'XTerm(390)' })).toMatchObject({ hint: expect.stringContaining('allowWindowOps') })
    expect(copyIn({ TERM_PROGRAM: 'iTerm.app' })).toMatchObject({ hint: expect.stringContaining('clipboard') })
  })

  it('ends where terminals cut off', () => {
    expect(sequenceIn({}, 'x'.repeat(56_244)).length).toBeLessThanOrEqual(74_994 + 8)
    expect(copyIn({}, 'x'.repeat(56_245))).toEqual({ problem: expect.stringContaining('56244') })
  })
})
