import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayAt, daysBefore, monthOf } from '../../src/core/calendar.ts'

describe('the day that money counts for', () => {
  it.each([
    ['UTC', '2026-11-20T00:00:00.000Z', '2026-11-20', '2026-11-21T00:00:00.000Z'],
    ['UTC', '2026-11-20T23:59:59.999Z', '2026-11-20', '2026-11-21T00:00:00.000Z'],
    ['Europe/Berlin', '2026-11-20T23:30:00.000Z', '2026-11-21', '2026-11-21T23:00:00.000Z'],
    ['America/Los_Angeles', '2026-11-21T05:00:00.000Z', '2026-11-20', '2026-11-21T08:00:00.000Z'],
    // Half hours and quarters
    ['Asia/Kolkata', '2026-11-20T18:29:59.999Z', '2026-11-20', '2026-11-20T18:30:00.000Z'],
    ['Asia/Kathmandu', '2026-12-31T18:15:00.000Z', '2027-01-01', '2027-01-01T18:15:00.000Z'],
    // The ends of months and years, and a leap day
    ['UTC', '2026-12-31T12:00:00.000Z', '2026-12-31', '2027-01-01T00:00:00.000Z'],
    ['Pacific/Kiritimati', '2026-11-30T10:00:00.000Z', '2026-12-01', '2026-12-01T10:00:00.000Z'],
    ['Europe/Berlin', '2028-02-28T23:30:00.000Z', '2028-02-29', '2028-02-29T23:00:00.000Z'],
    // A day of 25 hours, one of 23, one of 24 and a half
    ['Europe/Berlin', '2026-10-24T22:00:00.000Z', '2026-10-25', '2026-10-25T23:00:00.000Z'],
    ['Europe/Berlin', '2026-03-28T23:00:00.000Z', '2026-03-29', '2026-03-29T22:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-04T13:00:00.000Z', '2026-04-05', '2026-04-05T13:30:00.000Z'],
    // The clock is put forward at midnight: the day begins at one
    ['Asia/Beirut', '2026-03-28T12:00:00.000Z', '2026-03-28', '2026-03-28T22:00:00.000Z'],
    // A day that never was
    ['Pacific/Apia', '2011-12-30T09:59:59.999Z', '2011-12-29', '2011-12-30T10:00:00.000Z'],
  ])('in %s at %s is %s until %s', (zone, at, day, ends_at) => {
    expect(dayAt(zone, at)).toEqual({ day, ends_at })
  })

  it('ends exactly where the next one begins', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Africa/Cairo', 'America/Nuuk', 'Pacific/Chatham']
    const years = { min: new Date('2025-01-01T00:00:00Z'), max: new Date('2035-01-01T00:00:00Z'), noInvalidDate: true }
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.date(years), (zone, moment) => {
        const { day, ends_at } = dayAt(zone, moment.toISOString())
        expect(Date.parse(ends_at)).toBeGreaterThan(moment.getTime())
        expect(dayAt(zone, new Date(Date.parse(ends_at) - 1).toISOString())).toEqual({ day, ends_at })
        expect(dayAt(zone, ends_at).day).toBe(daysBefore(day, -1))
      }),
    )
  })

  it('belongs to a month', () => {
    expect(monthOf('2026-11-20')).toBe('2026-11')
  })

  it('can be counted back from, over the ends of months and years', () => {
    expect(daysBefore('2026-03-01', 1)).toBe('2026-02-28')
    expect(daysBefore('2027-01-03', 6)).toBe('2026-12-28')
    expect(daysBefore('2026-11-20', 0)).toBe('2026-11-20')
  })
})
