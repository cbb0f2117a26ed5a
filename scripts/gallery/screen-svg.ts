import type { Cell } from '../../test/pty/emulator.ts'

/** A cell's width and height in the picture, and where its letters stand. */
const WIDTH = 8.4
const HEIGHT = 18
const BASELINE = 13
const MARGIN = 12

/** The sixteen colours of a dark terminal, and its own two. */
const PALETTE = ['#1c2128', '#f47067', '#6bc46d', '#daaa3f', '#6cb6ff', '#c297ff', '#56d4dd', '#adbac7', '#768390', '#ff938a', '#8ddb8c', '#eac55f', '#96d0ff', '#e58cff', '#b3f0ff', '#ffffff']
const BACKGROUND = '#1c2128'
const FOREGROUND = '#cdd9e5'

type Look = { fg: string; bg: string; bold: boolean; underline: boolean; opacity: number }

/**
 * A screen as a picture that needs no font of its own: every piece of text is as wide as its columns.
 * @param cells rows of cells
 * @param label what the picture shows, for people who do not see it
 */
export function screenSvg(cells: readonly (readonly Cell[])[], label: string): string {
  const columns = cells[0]?.length ?? 0
  const [width, height] = [columns * WIDTH + 2 * MARGIN, cells.length * HEIGHT + 2 * MARGIN]
  const rows = cells.map((row, y) => rowSvg(row, MARGIN + y * HEIGHT)).filter((row) => row !== '')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${number(width)} ${number(height)}" width="${number(width)}" height="${number(height)}" role="img" aria-label="${escape(label)}">`,
    `<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}</style>`,
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n')
}

function rowSvg(row: readonly Cell[], top: number): string {
  let svg = ''
  for (let x = 0; x < row.length; ) {
    const first = row[x]
    if (first === undefined) break
    const look = lookOf(first)
    const key = JSON.stringify(look)
    let text = ''
    let end = x
    for (let cell = row[end]; cell !== undefined && JSON.stringify(lookOf(cell)) === key; cell = row[++end]) text += cell.text
    svg += piece(text, look, MARGIN + x * WIDTH, top, (end - x) * WIDTH)
    x = end
  }
  return svg
}

function piece(text: string, { fg, bg, bold, underline, opacity }: Look, x: number, top: number, width: number): string {
  const box = bg === BACKGROUND ? '' : `<rect x="${number(x)}" y="${number(top)}" width="${number(width)}" height="${HEIGHT}" fill="${bg}"/>`
  if (text.trim() === '') return box
  const more = `${bold ? ' font-weight="bold"' : ''}${underline ? ' text-decoration="underline"' : ''}${opacity === 1 ? '' : ` opacity="${opacity}"`}`
  return `${box}<text x="${number(x)}" y="${number(top + BASELINE)}" textLength="${number(width)}" lengthAdjust="spacingAndGlyphs" fill="${fg}"${more}>${escape(text)}</text>`
}

function lookOf({ text, fg, bg, bold, dim, underline, inverse }: Cell): Look {
  const [front, back] = [colorOf(fg, FOREGROUND, bold), colorOf(bg, BACKGROUND, false)]
  const look = { fg: inverse ? back : front, bg: inverse ? front : back, bold, underline, opacity: dim ? 0.6 : 1 }
  // Of a blank only the ground is seen: pieces of a row are as long as they can be.
  return text.trim() === '' && !underline ? { ...look, fg: FOREGROUND, bold: false, opacity: 1 } : look
}

function colorOf(color: string, own: string, isBold: boolean): string {
  if (color === 'default') return own
  if (color.startsWith('#')) return color
  const index = Number(color)
  return PALETTE[isBold && index < 8 ? index + 8 : index] ?? cubeColor(index)
}

/** The 216 colours and 24 greys behind the first sixteen (xterm's 256-colour palette). */
function cubeColor(index: number): string {
  const hex = (value: number) => value.toString(16).padStart(2, '0')
  if (index >= 232) return `#${hex(8 + (index - 232) * 10).repeat(3)}`
  const level = (step: number) => hex(step === 0 ? 0 : 55 + 40 * step)
  const at = index - 16
  return `#${level(Math.floor(at / 36))}${level(Math.floor(at / 6) % 6)}${level(at % 6)}`
}

const number = (value: number) => String(Math.round(value * 100) / 100)

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escape = (text: string) => text.replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)
