import { describe, expect, it } from 'vitest'
import type { Line } from '../../../src/core/views/line.ts'
import { scrubberLine, type Playback } from '../../../src/core/views/scrubber.ts'

const textOf = (line: Line) => line.map(({ text }) => text).join('')

const playback = (more: Partial<Playback> = {}): Playback => ({
  isPlaying: true,
  speed: 10,
  elapsed_ms: 72_000,
  total_ms: 760_000,
  done: 0.25,
  step: 120,
  steps: 480,
  waits: 'none',
  marks: [],
  ...more,
})

describe('the line that shows where a replay stands', () => {
  it('shows speed, times, place and step', () => {
    expect(textOf(scrubberLine(playback(), 60))).toBe('▶ 10×  01:12 ━━━━━━●──────────────────── 12:40  step 120/480')
    expect(textOf(scrubberLine(playback({ isPlaying: false, speed: 2, step: 9 }), 60))).toBe('‖ 2×   01:12 ━━━━━━●──────────────────── 12:40  step   9/480')
  })

  it('shows hours where there are some', () => {
    expect(textOf(scrubberLine(playback({ total_ms: 3_725_000 }), 60))).toContain(' 0:01:12 ')
    expect(textOf(scrubberLine(playback({ total_ms: 3_725_000 }), 60))).toContain(' 1:02:05 ')
  })

  it('marks what failed and what was decided, under the place where it stands', () => {
    const marks = [
      { at: 0.25, is: 'failed' },
      { at: 0.5, is: 'failed' },
      { at: 1, is: 'decided' },
    ] as const
    expect(textOf(scrubberLine(playback({ marks }), 60))).toBe('▶ 10×  01:12 ━━━━━━●──────✖────────────◆ 12:40  step 120/480')
  })

  it('says that long waits are shortened, and the bar does not move by it', () => {
    const bars = (['shortened', 'shortened now'] as const).map((waits) => textOf(scrubberLine(playback({ waits }), 100)))
    expect(bars[0]).toContain('step 120/480  long waits are shortened')
    expect(bars[1]).toContain('step 120/480  this wait is shortened')
    expect(bars.map((bar) => bar.indexOf('●'))).toEqual([bars[0]?.indexOf('●'), bars[0]?.indexOf('●')])
  })

  it('leaves the room to the bar where there is little', () => {
    const bars = (['none', 'shortened now'] as const).map((waits) => textOf(scrubberLine(playback({ waits }), 80)))
    expect(bars[1]).toBe(bars[0])
  })

  it.each([200, 120, 80, 60, 40, 30, 20])('takes no more than %i columns, and reaches both ends', (width) => {
    for (const done of [0, 1]) expect(textOf(scrubberLine(playback({ done, waits: 'shortened' }), width)).length).toBeLessThanOrEqual(width)
    if (width < 40) return
    expect(textOf(scrubberLine(playback({ done: 0 }), width))).toContain(' ●─')
    expect(textOf(scrubberLine(playback({ done: 1 }), width))).toContain('━● ')
  })
})
