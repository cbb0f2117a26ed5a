import { expect, it } from 'vitest'
import { textOf } from '../../../src/tui/lines/fit.ts'
import { isWhole, pieceLine, type Piece } from '../../../src/tui/lines/pieces.ts'

const piece = (keep: number, ...ways: string[]): Piece => ({ ways: ways.map((text) => [{ text }]), keep, gap: 1 })
const PIECES = [piece(2, 'second', '2nd'), piece(3, 'first'), piece(1, 'third', '3rd')]
const line = (width: number) => textOf(pieceLine(PIECES, width))

it('pieces of a line are said shorter, and then not at all, the least important first', () => {
  expect([18, 17, 16, 15, 12, 11, 9, 8, 5, 4].map(line)).toEqual([
    'second first third',
    'second first 3rd',
    'second first 3rd',
    'second first',
    'second first',
    '2nd first',
    '2nd first',
    'first',
    'first',
    '2nd',
  ])
})

it('a long piece that has no room leaves it to a shorter one', () => {
  const pieces = [piece(1, 'ab'), piece(2, 'cd'), piece(3, 'much too long')]
  expect([19, 16, 13, 12, 5, 2].map((width) => textOf(pieceLine(pieces, width)))).toEqual(['ab cd much too long', 'cd much too long', 'much too long', 'ab cd', 'ab cd', 'cd'])
})

it('pieces are whole where each is said at its longest', () => {
  expect([isWhole(PIECES, 18), isWhole(PIECES, 17)]).toEqual([true, false])
})
