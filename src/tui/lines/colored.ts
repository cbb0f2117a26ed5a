import type { Line, Span } from '../../core/views/line.ts'

/** What begins a sequence that sets colours; it ends with an `m`. */
const SEQUENCE = '\u001b['

/** A text with the colours that it came with, as a line. It has been sanitised: no other sequence is in it. */
export function coloredLine(text: string): Line {
  const [first = '', ...others] = text.split(SEQUENCE)
  const line: Span[] = first === '' ? [] : [{ text: first }]
  let look: Look = {}
  for (const part of others) {
    const end = part.indexOf('m')
    look = changed(look, part.slice(0, end).split(';'))
    const sgr = Object.values(look).join(';')
    if (end + 1 < part.length) line.push({ text: part.slice(end + 1), ...(sgr === '' ? {} : { sgr }) })
  }
  return line
}

/** What is on of each kind, as parameters: however many sequences came, no more than this is passed on. */
type Look = { intensity?: string; color?: string; background?: string }

function changed(look: Look, params: readonly string[]): Look {
  let next = { ...look }
  const left = [...params]
  for (let param = left.shift(); param !== undefined; param = left.shift()) {
    const number = Number(param)
    // 5: one of 256; 2: red, green, blue.
    const value = number === 38 || number === 48 ? [param, ...left.splice(0, left[0] === '5' ? 2 : 4)].join(';') : param
    if (number === 0) next = {}
    else if (number === 22) delete next.intensity
    else if (number === 39) delete next.color
    else if (number === 49) delete next.background
    else if (number <= 2) next.intensity = value
    else if ((number >= 40 && number < 50) || number >= 100) next.background = value
    else next.color = value
  }
  return next
}
