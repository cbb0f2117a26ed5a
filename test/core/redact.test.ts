import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createRedactor } from '../../src/core/redact.ts'

const redactor = createRedactor([
  { name: 'API_KEY', value: 'sk-abcdef123456' },
  { name: 'LONGER', value: 'sk-abcdef123456-and-more' },
  { name: 'EMPTY', value: '' },
])

it('puts the name in the place of a secret', () => {
  expect(redactor.text('key=sk-abcdef123456, twice sk-abcdef123456')).toBe('key=[secret API_KEY], twice [secret API_KEY]')
})

it('takes out the longer of two secrets of which one begins the other', () => {
  expect(redactor.text('sk-abcdef123456-and-more')).toBe('[secret LONGER]')
})

it('finds a secret that comes in pieces, however it is cut', () => {
  const text = 'before sk-abcdef123456 between sk-abcdef123456-and-more after'
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), text.length]
      const stream = redactor.stream()
      const pieces = places.slice(1).map((end, index) => stream.next(text.slice(places[index], end)))
      const whole = pieces.join('') + stream.end()
      expect(whole).toBe('before [secret API_KEY] between [secret LONGER] after')
    }),
  )
})

it('leaves text alone when there are no secrets', () => {
  const none = createRedactor([])
  expect(none.text('anything')).toBe('anything')
  expect(none.stream().next('anything')).toBe('anything')
})
