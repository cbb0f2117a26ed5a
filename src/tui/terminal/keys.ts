import { sanitize } from '../../core/sanitize.ts'
import { sequenceAt } from './key-sequences.ts'

/** A key, by its name (`j`, `G`, `ctrl+c`, `up`, `enter`, `esc`, `space`), or a text that was pasted. */
export type Key = { name: string } | { paste: string }

/** An escape sequence comes in one go: what follows later than this is another key. */
const ESC_WAIT_MS = 50
/** Once more than ESC has come it is a sequence, and only a slow line is waited for. */
const SEQUENCE_WAIT_MS = 500

const ESC = '\u001b'
const CTRL_C = '\u0003'
const PASTE_END = '\u001b[201~'
const CONTROL_NAMES: Readonly<Record<string, string>> = { '\r': 'enter', '\n': 'enter', '\t': 'tab', '\b': 'backspace', '\u007f': 'backspace', '\u0000': 'ctrl+space', ' ': 'space' }

/** Makes keys of the bytes that a terminal sends, however they are cut into pieces. */
export class KeyReader {
  readonly #onKey: (key: Key) => void
  readonly #decoder = new TextDecoder()
  /** What has come and is no key yet: the beginning of a sequence, or of what is being pasted. */
  #rest = ''
  #isPasting = false
  #timer: NodeJS.Timeout | undefined

  constructor(onKey: (key: Key) => void) {
    this.#onKey = onKey
  }

  read(bytes: Uint8Array): void {
    clearTimeout(this.#timer)
    const text = this.#decoder.decode(bytes, { stream: true })
    // A paste whose end was lost would take all keys for good.
    if (this.#isPasting && text === CTRL_C) this.reset()
    this.#rest += text
    while (this.#rest !== '' && this.#takeOne());
    if (this.#rest !== '' && !this.#isPasting) this.#timer = setTimeout(() => this.#giveUpWaiting(), this.#rest === ESC ? ESC_WAIT_MS : SEQUENCE_WAIT_MS)
  }

  /** Forgets what has begun and did not end: another program had the terminal in between. */
  reset(): void {
    clearTimeout(this.#timer)
    this.#rest = ''
    this.#isPasting = false
  }

  /** @returns whether there was a whole key, or something else that could be taken away */
  #takeOne(): boolean {
    if (this.#isPasting) return this.#takePaste()
    if (!this.#rest.startsWith(ESC)) {
      const [character = ''] = this.#rest
      this.#take(character.length, nameOf(character))
      return true
    }
    const sequence = sequenceAt(this.#rest)
    switch (sequence.is) {
      case 'unfinished':
        return false
      case 'paste':
        this.#isPasting = true
        this.#take(sequence.length, undefined)
        return true
      case 'alt':
        this.#take(1 + sequence.of.length, altNameOf(sequence.of))
        return true
      case 'key':
        this.#take(sequence.length, sequence.name)
        return true
    }
  }

  #takePaste(): boolean {
    const end = this.#rest.indexOf(PASTE_END)
    if (end < 0) return false
    const paste = sanitize(this.#rest.slice(0, end).replaceAll(/\r\n?/g, '\n'), { color: false })
    this.#isPasting = false
    this.#rest = this.#rest.slice(end + PASTE_END.length)
    this.#onKey({ paste })
    return true
  }

  #take(length: number, name: string | undefined): void {
    this.#rest = this.#rest.slice(length)
    if (name !== undefined) this.#onKey({ name })
  }

  /** It was no sequence: Esc alone, or together with Alt a key that some sequences begin with. */
  #giveUpWaiting(): void {
    const [, second, ...more] = this.#rest
    const name = second === undefined ? 'esc' : more.length === 0 ? altNameOf(second) : undefined
    this.#take(this.#rest.length, name)
  }
}

function nameOf(character: string): string | undefined {
  const name = CONTROL_NAMES[character]
  if (name !== undefined) return name
  const code = character.charCodeAt(0)
  if (code < 0x20) return `ctrl+${String.fromCharCode(code + 0x40).toLowerCase()}`
  // What steers a terminal, and what was no UTF-8, is no letter.
  return character === '\ufffd' || sanitize(character, { color: false }) === '' ? undefined : character
}

function altNameOf(character: string): string | undefined {
  const name = nameOf(character)
  return name === undefined ? undefined : `alt+${name}`
}
