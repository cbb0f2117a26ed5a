import { expect, it } from 'vitest'
import { GLYPHS } from '../../src/core/views/glyphs.ts'
import { asciiOf } from '../../src/tui/lines/ascii.ts'

it('in ASCII no status looks like a part of a line, or like another one', () => {
  const lines = new Set(asciiOf('─│╭╮╰╯├┤┬┴┼━┃┏┓┗┛▶◀▲▼'))
  const signs = Object.entries(GLYPHS).map(([status, { ascii }]) => (status === 'checking' ? 'the same as running' : ascii))
  expect(signs.filter((sign) => lines.has(sign))).toEqual([])
  expect(new Set(signs).size).toBe(signs.length)
})
