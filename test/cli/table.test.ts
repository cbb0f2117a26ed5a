import { expect, it } from 'vitest'
import { tableLines } from '../../src/cli/table.ts'

const HEAD = ['name', 'spent', 'corrected', 'out']

it('puts numbers to the right, and leaves out columns that hold nothing', () => {
  expect(tableLines(HEAD, [['a', '$1.00', '', '7'], ['long', '$10.00', '', '12k']], 1, Infinity)).toEqual([
    'name   spent  out',
    'a      $1.00    7',
    'long  $10.00  12k',
  ])
})

it('keeps the end of the longest names where the terminal is narrow', () => {
  const lines = tableLines(HEAD, [['provider/with/a-very-long-model-name', '$1.00', '', '7']], 1, 32)
  expect(lines).toEqual(['name                  spent  out', '…ery-long-model-name  $1.00    7'])
})
