import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressKey, rateLimit } from '../../src/app/access.ts'

const START = Date.parse('2030-01-01T00:00:00.000Z')

/** A limit, and the clock that it goes by. */
function limited(rate: { burst: number; per_minute: number }, most?: number) {
  let now = START
  return { ask: rateLimit(rate, () => now, most), move: (ms: number) => (now += ms) }
}

describe('a limit of a rate', () => {
  it('lets a burst through, says when to come again, and lets in then', () => {
    const { ask, move } = limited({ burst: 3, per_minute: 6 })
    for (let count = 0; count < 3; count++) expect(ask('ana')).toEqual({ ok: true })
    expect(ask('ana')).toEqual({ ok: false, retry_after_s: 10 })
    move(9_999)
    expect(ask('ana')).toEqual({ ok: false, retry_after_s: 1 })
    move(1)
    expect(ask('ana')).toEqual({ ok: true })
    expect(ask('ana')).toMatchObject({ ok: false })
  })

  it('is of each caller alone', () => {
    const { ask } = limited({ burst: 1, per_minute: 1 })
    expect(ask('ana')).toEqual({ ok: true })
    expect(ask('ana')).toMatchObject({ ok: false })
    expect(ask('ben')).toEqual({ ok: true })
  })

  it('lets no more through in any time than the burst and what came to it, and whoever waits as told is let in', () => {
    const rates = fc.record({ burst: fc.integer({ min: 1, max: 20 }), per_minute: fc.integer({ min: 1, max: 600 }) })
    fc.assert(
      fc.property(rates, fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 200 }), (rate, pauses) => {
        const { ask, move } = limited(rate)
        let passed = 0
        let time = 0
        for (const pause of pauses) {
          move(pause)
          time += pause
          const answer = ask('ana')
          if (answer.ok) passed += 1
          else expect(answer.retry_after_s).toBeGreaterThanOrEqual(1)
          expect(passed).toBeLessThanOrEqual(rate.burst + (time * rate.per_minute) / 60_000 + 1e-6)
        }
        const last = ask('ana')
        if (last.ok) return
        move(last.retry_after_s * 1000)
        expect(ask('ana')).toEqual({ ok: true })
      }),
    )
  })

  it('gains nothing from a clock that is set back', () => {
    const { ask, move } = limited({ burst: 1, per_minute: 60 })
    ask('ana')
    move(-3_600_000)
    expect(ask('ana')).toMatchObject({ ok: false, retry_after_s: 1 })
  })

  it('remembers so many callers, and of more forgets the one that was not there for longest', () => {
    const { ask } = limited({ burst: 1, per_minute: 1 }, 3)
    for (const name of ['ana', 'ben', 'cem', 'ana', 'dan']) ask(name)
    expect(ask('ana')).toMatchObject({ ok: false })
    expect(ask('ben')).toEqual({ ok: true })
  })
})

describe('an address is counted', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['2001:0db8:0000:0001:aaaa::1', '2001:db8:0:1::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4::/64'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
    ['1:2:3:4:5:6:192.0.2.33', '1:2:3:4::/64'],
    ['not an address', 'not an address'],
  ])('%s as %s', (address, key) => {
    expect(addressKey(address)).toBe(key)
  })

  it('with its whole network, where it is IPv6, in whatever way it is written', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const written = new URL(`http://[${address}]`).hostname.slice(1, -1)
        expect(addressKey(address.toUpperCase())).toBe(addressKey(written))
      }),
    )
  })
})
