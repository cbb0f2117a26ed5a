const ESC = 0x1b
const TAB_WIDTH = 4

/**
 * Text of a model or a program, made safe to show in a terminal: no escape sequence, control character
 * or invisible change of writing direction is left in it, only line ends. A line that was overwritten
 * after a carriage return keeps what would be visible. Linear in the length of the text, and the same
 * when it is applied again.
 *
 * `color: true` keeps colours and intensity (SGR), and ends them where the text ends.
 * Sequences: ECMA-48, section 5; XTerm Control Sequences.
 */
export function sanitize(text: string, { color }: { color: boolean }): string {
  const kept = text.split('\n').map((line) => sanitizeLine(visiblePart(line), color)).join('\n')
  return color && endsColored(kept) ? `${kept}\u001b[0m` : kept
}

/**
 * `text` safe and on one line, with runs of white space as one space. Of what is longer than `max`
 * characters the start is kept, or the end, with a `…` where it was cut.
 */
export function oneLine(text: string, max: number, keep: 'start' | 'end' = 'start'): string {
  const line = sanitize(text, { color: false }).replaceAll(/\s+/g, ' ').trim()
  if (line.length <= max) return line
  const cut = keep === 'start' ? line.slice(0, max - 1) : line.slice(1 - max)
  // Half of a surrogate pair is no character.
  const whole = keep === 'start' ? cut.replace(/[\ud800-\udbff]$/, '') : cut.replace(/^[\udc00-\udfff]/, '')
  return keep === 'start' ? `${whole}…` : `…${whole}`
}

/** What a carriage return in the line leaves to be seen. */
function visiblePart(line: string): string {
  let end = line.length
  while (end > 0 && line[end - 1] === '\r') end -= 1
  return line.slice(line.lastIndexOf('\r', end - 1) + 1, end)
}

function sanitizeLine(line: string, color: boolean): string {
  let out = ''
  let plainFrom = 0
  let at = 0
  while (at < line.length) {
    const code = line.charCodeAt(at)
    if (isPlain(code)) {
      at += 1
      continue
    }
    out += line.slice(plainFrom, at)
    const end = endOfSequence(line, at, code)
    if (code === 0x09) out += ' '.repeat(TAB_WIDTH)
    else if (color) out += colors(line.slice(at, end))
    at = end
    plainFrom = end
  }
  return out + line.slice(plainFrom)
}

function isPlain(code: number): boolean {
  if (code < 0x7f) return code >= 0x20
  if (code < 0xa0) return false
  if (code < 0x2000) return code !== 0x061c
  if (code > 0x206f) return true
  // Direction marks, line and paragraph separators, embeddings, overrides, isolates.
  return code !== 0x200e && code !== 0x200f && !(code >= 0x2028 && code <= 0x202e) && code < 0x2066
}

/** Where the sequence ends that begins at `at`; a control character that begins none is one long. */
function endOfSequence(line: string, at: number, code: number): number {
  if (code === 0x9b) return endOfCsi(line, at + 1)
  if (isStringOpener(code)) return endOfString(line, at + 1)
  if (code !== ESC) return at + 1

  const next = line.charCodeAt(at + 1)
  if (next === 0x5b) return endOfCsi(line, at + 2)
  // The seven-bit form of a C1 control is ESC and that control less 0x40.
  if (isStringOpener(next + 0x40)) return endOfString(line, at + 2)
  const final = skip(line, at + 1, 0x20, 0x2f)
  return skip(line, final, 0x30, 0x7e, 1)
}

/** DCS, SOS, OSC, PM, APC: each is followed by a string. */
function isStringOpener(code: number): boolean {
  return code === 0x90 || code === 0x98 || (code >= 0x9d && code <= 0x9f)
}

/** Parameters, intermediates, and a final byte where it is there. */
function endOfCsi(line: string, at: number): number {
  const intermediates = skip(line, at, 0x30, 0x3f)
  const final = skip(line, intermediates, 0x20, 0x2f)
  return skip(line, final, 0x40, 0x7e, 1)
}

/** A string ends at BEL, ST, CAN or SUB; an ESC that begins something else ends it too. */
function endOfString(line: string, from: number): number {
  for (let at = from; at < line.length; at += 1) {
    const code = line.charCodeAt(at)
    if (code === 0x07 || code === 0x18 || code === 0x1a || code === 0x9c) return at + 1
    if (code === ESC) return line[at + 1] === '\\' ? at + 2 : at
  }
  return line.length
}

/** Of a sequence that sets colours or intensity, the part that does only that; of any other, nothing. */
function colors(sequence: string): string {
  const inner = sequence.slice(2, -1)
  if (!sequence.startsWith('\u001b[') || !sequence.endsWith('m') || !/^[\d;]*$/.test(inner)) return ''
  const params = inner.split(';').map(Number)
  const kept: number[] = []
  for (let at = 0; at < params.length; ) {
    const length = colorLength(params, at)
    kept.push(...params.slice(at, at + length))
    at += Math.max(1, length)
  }
  return kept.length === 0 ? '' : `\u001b[${kept.join(';')}m`
}

/** How many parameters from `at` on make one colour or intensity; 0 when they do something else. */
function colorLength(params: readonly number[], at: number): number {
  const [param = 0, mode, ...values] = params.slice(at, at + 5)
  if (param === 38 || param === 48) {
    const wanted = mode === 5 ? 1 : mode === 2 ? 3 : 0
    const used = values.slice(0, wanted)
    return wanted > 0 && used.length === wanted && used.every((value) => value <= 255) ? wanted + 2 : 0
  }
  const isIntensity = param <= 2 || param === 22
  const isColor = (param >= 30 && param <= 49) || (param >= 90 && param <= 107)
  return isIntensity || isColor ? 1 : 0
}

/** Whether the last colour that was set is still on. */
function endsColored(text: string): boolean {
  const last = text.lastIndexOf('\u001b[')
  return last !== -1 && !text.startsWith('\u001b[0m', last)
}

function skip(line: string, from: number, low: number, high: number, most = Number.POSITIVE_INFINITY): number {
  let at = from
  while (at - from < most && line.charCodeAt(at) >= low && line.charCodeAt(at) <= high) at += 1
  return at
}
