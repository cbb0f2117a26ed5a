import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { oneLine, sanitize } from '../../src/core/sanitize.ts'

const ESC = '\u001b'

/** Payload, what is left of it without colours, and with them where that differs. */
const PAYLOADS: Record<string, [payload: string, plain: string, colored?: string]> = {
  'plain text': ['a b\nc', 'a b\nc'],
  'letters of other scripts and emoji': ['é 漢字 עברית 👩‍👩‍👧', 'é 漢字 עברית 👩‍👩‍👧'],
  'a colour': [`${ESC}[31mred${ESC}[0m`, 'red', `${ESC}[31mred${ESC}[0m`],
  'a colour that is never ended': [`${ESC}[1;31mred`, 'red', `${ESC}[1;31mred${ESC}[0m`],
  'a colour of 256 and a true colour': [`${ESC}[38;5;9;48;2;1;2;3mx${ESC}[m`, 'x', `${ESC}[38;5;9;48;2;1;2;3mx${ESC}[0m`],
  'a colour out of range': [`${ESC}[38;2;1;2;999mx`, 'x', `${ESC}[2;1;2mx${ESC}[0m`],
  'hidden text': [`${ESC}[8mhidden${ESC}[28m`, 'hidden'],
  'blinking among colours': [`${ESC}[5;31;7mx${ESC}[0m`, 'x', `${ESC}[31mx${ESC}[0m`],
  'an SGR with private parameters': [`${ESC}[>4;2mx`, 'x'],
  'a colour as an eight-bit control': ['\u009b31mx', 'x'],
  'the clipboard (OSC 52)': [`a${ESC}]52;c;ZXZpbA==\u0007b`, 'ab'],
  'the clipboard, ended by ST': [`a${ESC}]52;c;ZXZpbA==${ESC}\\b`, 'ab'],
  'the clipboard, eight-bit': ['a\u009d52;c;ZXZpbA==\u009cb', 'ab'],
  'a hyperlink': [`a${ESC}]8;;http://x\u0007link${ESC}]8;;\u0007b`, 'alinkb'],
  'a window title': [`a${ESC}]0;pwned\u0007b`, 'ab'],
  'an OSC that is never ended': [`a${ESC}]0;pwned`, 'a'],
  'an OSC that would swallow the next line': [`a${ESC}]0;pwned\nb`, 'a\nb'],
  'an OSC that is broken off by another sequence': [`a${ESC}]0;x${ESC}[2Jb`, 'ab'],
  'an OSC that is cancelled': [`a${ESC}]0;x\u0018b`, 'ab'],
  'clearing the screen': [`a${ESC}[2J${ESC}[Hb`, 'ab'],
  'clearing the screen, eight-bit': ['a\u009b2Jb', 'ab'],
  'the alternate screen': [`a${ESC}[?1049lb`, 'ab'],
  'mouse reports': [`a${ESC}[?1003hb`, 'ab'],
  'a scroll region': [`a${ESC}[5;10rb`, 'ab'],
  'cursor and device reports': [`a${ESC}[6n${ESC}[c${ESC}[>0qb`, 'ab'],
  'a cursor style with an intermediate': [`a${ESC}[4 qb`, 'ab'],
  'a CSI that is never ended': [`a${ESC}[31`, 'a'],
  'a CSI with a letter from outside': [`a${ESC}[31é`, 'aé'],
  'a CSI that is broken off by a line end': [`a${ESC}[31\nb`, 'a\nb'],
  'a DCS': [`a${ESC}P$q"p${ESC}\\b`, 'ab'],
  'an APC (kitty graphics)': [`a${ESC}_Gf=100;AAAA${ESC}\\b`, 'ab'],
  'a PM': [`a${ESC}^pm${ESC}\\b`, 'ab'],
  'an SOS': [`a${ESC}Xsos${ESC}\\b`, 'ab'],
  'a full reset': [`a${ESC}cb`, 'ab'],
  'the alignment test': [`a${ESC}#8b`, 'ab'],
  'line drawing characters': [`a${ESC}(0qqq${ESC}(Bb`, 'aqqqb'],
  'shift out and in': ['a\u000eqqq\u000fb', 'aqqqb'],
  'an ESC alone': [`a${ESC}`, 'a'],
  'an ESC before another': [`a${ESC}${ESC}[2Jb`, 'ab'],
  'a sequence that would appear when the inner one is dropped': [`a${ESC}${ESC}]0;x\u0007[2Jb`, 'a[2Jb'],
  'a line that was overwritten': ['progress 10%\rprogress 99%', 'progress 99%'],
  'a line that was cleared': [`secret\r${ESC}[K`, ''],
  'a line that is about to be overwritten': ['progress 10%\r\r\nnext\r', 'progress 10%\nnext'],
  'backspaces': ['ab\b\bXY', 'abXY'],
  'bell, NUL, delete': ['a\u0007b\0c\u007fd', 'abcd'],
  'a tab': ['a\tb', 'a    b'],
  'a vertical tab and a form feed': ['a\vb\fc', 'abc'],
  'C1 controls': ['a\u0084\u0085\u008db', 'ab'],
  'a right-to-left override': ['a\u202eevil\u202cb', 'aevilb'],
  'isolates and marks': ['a\u2066x\u2069\u200e\u200f\u061cb', 'axb'],
  'line and paragraph separators': ['a\u2028b\u2029c', 'abc'],
}

describe('hostile text', () => {
  it.each(Object.entries(PAYLOADS))('is made safe: %s', (_name, [payload, plain, colored = plain]) => {
    expect(sanitize(payload, { color: false })).toBe(plain)
    expect(sanitize(payload, { color: true })).toBe(colored)
  })

  const nasty = fc.string({
    unit: fc.constantFrom(...`${ESC}[]P\\m385;?2J a\n\r\t\b\u0007\u009b\u009c\u009d\u0090\u202e\u2028é\ud83d\ude00`.split('')),
    maxLength: 40,
  })

  it('has no control character but the line end left, whatever it was', () => {
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: 'binary' })), (text) => {
        const controls = /[\p{Cc}\u2028-\u202e\u2066-\u206f]/u
        expect(sanitize(text, { color: false }).replaceAll('\n', '')).not.toMatch(controls)
        const colored = sanitize(text, { color: true }).replaceAll(new RegExp(`${ESC}\\[[\\d;]+m`, 'g'), '')
        expect(colored.replaceAll('\n', '')).not.toMatch(controls)
      }),
      { numRuns: 1000 },
    )
  })

  it('is not changed by a second time', () => {
    fc.assert(
      fc.property(nasty, fc.boolean(), (text, color) => {
        const once = sanitize(text, { color })
        expect(sanitize(once, { color })).toBe(once)
      }),
      { numRuns: 1000 },
    )
  })

  it('takes a time that grows with its length only', () => {
    const long = 500_000
    const hostile = [`${ESC}]`, `${ESC}[`, `${ESC}[1;`, '\r', ESC, '\u0090', `a${ESC}[31m`, '\t']
    const started = performance.now()
    for (const piece of hostile) sanitize(piece.repeat(long), { color: true })
    sanitize(`${ESC}[${'1;'.repeat(long)}m`, { color: true })
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

describe('text on one line', () => {
  it('is safe, trimmed and without line ends', () => {
    expect(oneLine(`  a\n\n\tb${ESC}[2J  c \n`, 80)).toBe('a b c')
  })

  it('is cut where it is too long, but never in the middle of a character', () => {
    expect(oneLine('abcdef', 6)).toBe('abcdef')
    expect(oneLine('abcdefg', 6)).toBe('abcde…')
    expect(oneLine('abcd😀fg', 6)).toBe('abcd…')
  })

  it('may keep its end instead', () => {
    expect(oneLine('abcdefg', 6, 'end')).toBe('…cdefg')
    expect(oneLine('ab😀defg', 6, 'end')).toBe('…defg')
  })
})
