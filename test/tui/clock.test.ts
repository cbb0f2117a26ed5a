import { describe, expect, it, onTestFinished } from 'vitest'
import { dayOf, moment, timeOfDay, timeToSecond } from '../../src/tui/clock.ts'
import { storyScreen } from './story-screen.ts'

const LATE = Date.parse('2026-11-20T22:48:09Z')

/** The screen is looked at from Tokyo, nine hours ahead. */
function inTokyo(): void {
  const zone = process.env['TZ']
  process.env['TZ'] = 'Asia/Tokyo'
  onTestFinished(() => {
    process.env['TZ'] = zone
  })
}

describe('times', () => {
  it('are those of whoever looks', () => {
    inTokyo()
    expect([timeOfDay(LATE), timeToSecond(LATE), dayOf(LATE)]).toEqual(['07:48', '07:48:09', '2026-11-21'])
  })

  it('of another day come with the day', () => {
    expect(moment(LATE, LATE + 60_000)).toBe('22:48:09')
    expect(moment(LATE, LATE + 2 * 60 * 60 * 1000)).toBe('2026-11-20 22:48:09')
  })

  it('are the same on every page', async () => {
    inTokyo()
    const { store, type, press } = await storyScreen()
    type(':go builder')
    press('enter', 'enter', 'tab', 'tab')
    const { openPageOf } = await import('../../src/tui/pages/pages.ts')
    const text = () => {
      const glance = store.glance()
      const page = glance.ui.pages.at(-1)
      return JSON.stringify(page === undefined ? [] : openPageOf(glance, page).blocks().map((block) => ('lines' in block ? block.lines : Array.from({ length: block.table.rows }, (_, row) => block.table.cells(row)))))
    }
    expect(text()).toContain('07:5')
    for (const key of ['tab', 'tab', 'tab', '$', 'H', 'i']) {
      press(key)
      expect(text()).not.toMatch(/22:[45]\d|UTC/)
    }
  })
})
