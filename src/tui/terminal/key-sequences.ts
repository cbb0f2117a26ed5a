/** What an escape sequence at the beginning of a text is. A `key` without a name is one that nobody asked for. */
export type Sequence =
  | { is: 'key'; length: number; name: string | undefined }
  | { is: 'alt'; of: string }
  | { is: 'paste'; length: number }
  | { is: 'unfinished' }

const UNFINISHED: Sequence = { is: 'unfinished' }

/** Keys by the letter that ends their sequence: `CSI A`, `SS3 A`, `CSI 1;2 A`. */
const BY_LETTER: Readonly<Record<string, string>> = { A: 'up', B: 'down', C: 'right', D: 'left', F: 'end', H: 'home', P: 'f1', Q: 'f2', R: 'f3', S: 'f4' }
/** These come behind CSI only; the arrows are those of rxvt. */
const BY_CSI_LETTER: Readonly<Record<string, string>> = { ...BY_LETTER, Z: 'shift+tab', a: 'shift+up', b: 'shift+down', c: 'shift+right', d: 'shift+left' }
/** The Enter key of a keypad. */
const BY_SS3_LETTER: Readonly<Record<string, string>> = { ...BY_LETTER, M: 'enter' }

/** Keys by the number before the tilde: `CSI 5 ~`. */
const NUMBERS = { home: [1, 7], insert: [2], delete: [3], end: [4, 8], pageup: [5], pagedown: [6], f1: [11], f2: [12], f3: [13], f4: [14], f5: [15], f6: [17], f7: [18], f8: [19], f9: [20], f10: [21], f11: [23], f12: [24] }
const BY_NUMBER: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(NUMBERS).flatMap(([name, numbers]) => numbers.map((number) => [number, name])))

/** Keys that come as sequences, by their names; with Ctrl, Alt and Shift in front where they are pressed too. */
export const SEQUENCE_KEYS: ReadonlySet<string> = new Set([...Object.values(BY_LETTER), ...Object.keys(NUMBERS)])

/** Of the Linux console: `CSI [ A`. */
const CONSOLE: Readonly<Record<string, string>> = { A: 'f1', B: 'f2', C: 'f3', D: 'f4', E: 'f5' }

/** Parameters, in between, the end: ECMA-48, 5.4. What breaks off in the middle has no end. */
// oxlint-disable-next-line no-control-regex -- it is about control characters
const CSI = /^\u001b\[(?<params>[0-?]*)(?<between>[ -/]*)(?<final>[@-~])?/
// oxlint-disable-next-line no-control-regex -- it is about control characters
const SS3 = /^\u001bO(?<modifier>\d?)(?<final>[A-Za-z])?/
/** Answers of a terminal to what another program has asked: OSC, DCS, SOS, PM, APC, up to their end. */
// oxlint-disable-next-line no-control-regex -- it is about control characters
const STRING = /^\u001b[\]PX^_][^\u0007\u001b]*(?<end>\u0007|\u001b\\?)?/

/** Reads the sequence that a text begins with; the text begins with ESC. */
export function sequenceAt(text: string): Sequence {
  const second = text.codePointAt(1)
  if (second === undefined) return UNFINISHED
  const character = String.fromCodePoint(second)
  switch (character) {
    case '\u001b':
      return { is: 'key', length: 1, name: 'esc' }
    case '[':
      return csiAt(text)
    case 'O':
      return ss3At(text)
    case ']':
    case 'P':
    case 'X':
    case '^':
    case '_':
      return stringAt(text)
    default:
      return { is: 'alt', of: character }
  }
}

function csiAt(text: string): Sequence {
  const { 0: sequence, groups: { params = '', between = '', final } = {} } = CSI.exec(text) ?? { 0: '' }
  const { length } = sequence
  if (final === undefined) return length === text.length ? UNFINISHED : { is: 'key', length, name: undefined }
  if (final === '[' && params === '') {
    const letter = text.charAt(length)
    return letter === '' ? UNFINISHED : { is: 'key', length: length + 1, name: CONSOLE[letter] }
  }
  if (final === '~' && params === '200') return { is: 'paste', length }
  const [first = '', modifier = ''] = params.split(';')
  const name = final === '~' ? BY_NUMBER[first] : first === '' || first === '1' ? BY_CSI_LETTER[final] : undefined
  return { is: 'key', length, name: between === '' ? withModifier(name, modifier) : undefined }
}

function ss3At(text: string): Sequence {
  const { 0: sequence, groups: { modifier = '', final } = {} } = SS3.exec(text) ?? { 0: '' }
  const { length } = sequence
  if (final === undefined) return length === text.length ? UNFINISHED : { is: 'key', length, name: undefined }
  return { is: 'key', length, name: withModifier(BY_SS3_LETTER[final], modifier) }
}

function stringAt(text: string): Sequence {
  const { 0: sequence, groups: { end } = {} } = STRING.exec(text) ?? { 0: '' }
  // It may be cut between the two characters of its end.
  const isUnfinished = end === undefined || (end === '\u001b' && sequence.length === text.length)
  if (isUnfinished) return UNFINISHED
  return { is: 'key', length: end === '\u001b' ? sequence.length - 1 : sequence.length, name: undefined }
}

/** XTerm Control Sequences, "PC-Style Function Keys": one more than the sum of shift (1), alt (2) and ctrl (4). */
function withModifier(name: string | undefined, modifier: string): string | undefined {
  if (name === undefined) return undefined
  const bits = modifier === '' ? 0 : Number(modifier) - 1
  const prefix = `${bits & 4 ? 'ctrl+' : ''}${bits & 2 ? 'alt+' : ''}${bits & 1 ? 'shift+' : ''}`
  return prefix === 'shift+' && name.startsWith('shift+') ? name : prefix + name
}
