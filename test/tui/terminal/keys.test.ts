import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { KeyReader, type Key } from '../../../src/tui/terminal/keys.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

/** Types pieces one right after the other, and takes the hands off the keys. */
function typed(...pieces: readonly (string | Uint8Array)[]): string[] {
  const keys: Key[] = []
  const reader = new KeyReader((key) => keys.push(key))
  for (const piece of pieces) reader.read(typeof piece === 'string' ? Buffer.from(piece) : piece)
  vi.advanceTimersByTime(1000)
  return keys.map((key) => ('name' in key ? key.name : `paste(${key.paste})`))
}

describe('keys', () => {
  it.each<[what: string, input: string, keys: string[]]>([
    ['letters typed faster than they are read', 'jjj', ['j', 'j', 'j']],
    ['letters and Enter', 'j\rk', ['j', 'enter', 'k']],
    ['capitals, digits, signs', 'G1/:?', ['G', '1', '/', ':', '?']],
    ['letters of any script', 'é漢🚀', ['é', '漢', '🚀']],
    ['keys without a letter', '\t \u007f\b\u001b', ['tab', 'space', 'backspace', 'backspace', 'esc']],
    ['keys with ctrl', '\u0003\u000c\u001a\u0015\u0000', ['ctrl+c', 'ctrl+l', 'ctrl+z', 'ctrl+u', 'ctrl+space']],
    ['arrows', '\u001b[A\u001b[B\u001b[C\u001b[D', ['up', 'down', 'right', 'left']],
    ['arrows of a terminal in application mode', '\u001bOA\u001bOD', ['up', 'left']],
    ['arrows with shift and ctrl', '\u001b[1;2D\u001b[1;2C\u001b[1;5A\u001b[1;8B\u001b[a', ['shift+left', 'shift+right', 'ctrl+up', 'ctrl+alt+shift+down', 'shift+up']],
    ['Tab backwards', '\u001b[Z', ['shift+tab']],
    ['pages, home, end', '\u001b[5~\u001b[6~\u001b[H\u001b[F\u001b[1~\u001b[4~\u001bOH', ['pageup', 'pagedown', 'home', 'end', 'home', 'end', 'home']],
    ['function keys', '\u001bOP\u001b[15~\u001b[24~\u001b[[A', ['f1', 'f5', 'f12', 'f1']],
    ['the keypad', '\u001bOM', ['enter']],
    ['keys with alt, which mean nothing but themselves', '\u001bj\u001bé\u001b\r', ['alt+j', 'alt+é', 'alt+enter']],
    ['Esc twice', '\u001b\u001b', ['esc', 'esc']],
    ['Esc, and an arrow right after it', '\u001b\u001b[A', ['esc', 'up']],
    ['a paste', 'a\u001b[200~q\r\nb\u001b[201~c', ['a', 'paste(q\nb)', 'c']],
    ['a paste that would steer the terminal', '\u001b[200~\u001b[2Jx\u001b]52;c;eA==\u0007y\u001b[201~', ['paste(xy)']],
    ['a paste of nothing', '\u001b[200~\u001b[201~', ['paste()']],
    ['a mouse, focus, positions, unknown keys', '\u001b[<0;3;4M\u001b[I\u001b[12;40R\u001b[97;5u\u001b[99~\u001b[5$~\u001bOz', []],
    ['answers to what another program has asked', 'a\u001b]11;rgb:00/00/00\u0007b\u001bP>|xterm\u001b\\c', ['a', 'b', 'c']],
    ['a sequence that is broken off by a key', '\u001b[1;\u0003q', ['ctrl+c', 'q']],
    ['what steers a terminal, alone', '\u009b\u202e', []],
  ])('are understood: %s', (_, input, keys) => {
    expect(typed(input)).toEqual(keys)
  })

  it('are the same however the bytes are cut', () => {
    const piece = fc.constantFrom('j', 'G', 'é', '漢', '🚀', '\r', ' ', '\u0003', '\u001b[A', '\u001b[1;2D', '\u001b[5~', '\u001bOB', '\u001b[Z', '\u001b[[B', '\u001b[200~a\rb漢\u001b[201~', '\u001b[<0;1;2M', '\u001b]0;x\u0007', '\u001bPx\u001b\\', '\u001bx', '\u001b', '\u0007', '\\', '\u001b[', '[', '~', 'O', 'A')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), fc.array(fc.nat(60), { maxLength: 8 }), (pieces, cuts) => {
        const bytes = Buffer.from(pieces.join(''))
        const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b), bytes.length]
        const cut = at.slice(1).map((end, index) => bytes.subarray(at[index], end))
        expect(typed(...cut)).toEqual(typed(bytes))
      }),
      { numRuns: 1000 },
    )
  })

  it('come whatever bytes came before them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (noise) => {
        const keys: Key[] = []
        const reader = new KeyReader((key) => keys.push(key))
        reader.read(noise)
        vi.advanceTimersByTime(1000)
        // The noise may have begun a letter, and could only by the rarest chance have begun a paste.
        reader.read(Buffer.from(' q'))
        expect(keys.at(-1)).toEqual({ name: 'q' })
      }),
      { numRuns: 300 },
    )
  })

  it('tell Esc from the beginning of a sequence by a moment', () => {
    const keys: Key[] = []
    const reader = new KeyReader((key) => keys.push(key))
    const read = (text: string) => reader.read(Buffer.from(text))
    read('\u001b')
    vi.advanceTimersByTime(20)
    read('[A')
    expect(keys.splice(0)).toEqual([{ name: 'up' }])
    read('\u001b')
    vi.advanceTimersByTime(100)
    expect(keys.splice(0)).toEqual([{ name: 'esc' }])
    read('[A')
    expect(keys.splice(0)).toEqual([{ name: '[' }, { name: 'A' }])
  })

  it('are read again after Ctrl+C where the end of a paste was lost', () => {
    const keys: Key[] = []
    const reader = new KeyReader((key) => keys.push(key))
    reader.read(Buffer.from('\u001b[200~some\u0003thing'))
    reader.read(Buffer.from('q'))
    expect(keys).toEqual([])
    reader.read(Buffer.from('\u0003'))
    reader.read(Buffer.from('q'))
    expect(keys).toEqual([{ name: 'ctrl+c' }, { name: 'q' }])
  })

  it('wait for the end of a paste as long as it takes, unless another program had the terminal', () => {
    const keys: Key[] = []
    const reader = new KeyReader((key) => keys.push(key))
    reader.read(Buffer.from('\u001b[200~qq'))
    vi.advanceTimersByTime(60_000)
    expect(keys).toEqual([])
    reader.reset()
    reader.read(Buffer.from('j'))
    expect(keys).toEqual([{ name: 'j' }])
  })
})
