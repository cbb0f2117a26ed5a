import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Presenter } from '../../../src/tui/terminal/presenter.ts'
import type { Size } from '../../../src/tui/terminal/canvas.ts'
import { openEmulator, type Emulator } from '../../pty/emulator.ts'
import { columnsOf, meantScreen, type Meant } from './screens.ts'

const TIMERS = { toFake: ['setTimeout', 'clearTimeout', 'performance'] as const }

beforeEach(() => void vi.useFakeTimers({ toFake: [...TIMERS.toFake] }))
afterEach(() => void vi.useRealTimers())

/** What happened to the terminal, in order: it is played to an emulator when all is over. */
type Happening = Uint8Array | Size

function presenterOn(start: Size, fps?: number) {
  const happened: Happening[] = []
  const gone: unknown[] = []
  const terminal = { size: start, takes: (bytes: Uint8Array) => bytes.length }
  const presenter = new Presenter({
    size: () => terminal.size,
    take: (bytes) => {
      const taken = terminal.takes(bytes)
      happened.push(bytes.slice(0, taken))
      return taken
    },
    onGone: (error) => gone.push(error),
    ...(fps === undefined ? {} : { fps }),
  })
  const text = () => happened.map((each) => (each instanceof Uint8Array ? new TextDecoder().decode(each) : '')).join('')
  return { presenter, terminal, happened, gone, text, ...presenter.counters }
}

/** Shows a terminal what happened to it. */
async function replayed(start: Size, happened: readonly Happening[]): Promise<Emulator> {
  vi.useRealTimers()
  const emulator = openEmulator(start.columns, start.rows)
  emulator.write('\u001b[?1049h\u001b[?7l')
  for (const each of happened) {
    if (each instanceof Uint8Array) emulator.write(each)
    else {
      await emulator.settled()
      emulator.resize(each.columns, each.rows)
    }
  }
  await emulator.settled()
  return emulator
}

/** What stands in each column, as the generator of screens tells it. */
const seen = (emulator: Emulator, { columns, rows }: Size) =>
  Array.from({ length: rows }, (_, y) =>
    Array.from({ length: columns }, (__, x) => {
      const { text, fg, bg, bold, dim, underline, inverse } = emulator.cell(x, y)
      return { text, look: [fg, bg, ...Object.entries({ bold, dim, underline, inverse }).flatMap(([name, isOn]) => (isOn ? [name] : []))].join(' ') }
    }),
  )

const asText = (rows: readonly (readonly { text: string; look: string }[])[]) => rows.map((row) => row.map(({ text, look }) => `${text || ' '}(${look})`).join(''))

function show(presenter: Presenter, { frame, regions }: Meant): void {
  presenter.write(frame.map(({ line }) => line).join('\n'))
  for (const id of ['0', '1', '2']) {
    const region = regions[Number(id)]
    if (region === undefined) presenter.erase(id)
    else presenter.paint(id, { ...region, lines: region.lines.map(({ line }) => line) })
  }
}

const size = fc.record({ columns: fc.integer({ min: 1, max: 24 }), rows: fc.integer({ min: 1, max: 6 }) })
/** A new screen, perhaps for a new size that the terminal has before we learn of it; how long until the next; how much the terminal reads of what comes. */
const step = size.chain((next) => fc.record({ next: fc.option(fc.constant(next)), meant: meantScreen(24, 6), ms: fc.integer({ min: 0, max: 250 }), reads: fc.constantFrom(0, 1, 7, 1e9), redraws: fc.boolean() }))

describe('on a terminal at rest stands what was meant', () => {
  it('whatever came before it, at whatever size, however slowly it was read', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.array(step, { minLength: 1, maxLength: 8 }), async (start, steps) => {
        vi.useFakeTimers({ toFake: [...TIMERS.toFake] })
        const { presenter, terminal, happened } = presenterOn(start)
        for (const { next, meant, ms, reads, redraws } of steps) {
          terminal.takes = (bytes) => Math.min(bytes.length, reads)
          if (next !== null) happened.push(next)
          show(presenter, meant)
          vi.advanceTimersByTime(ms)
          if (next !== null) {
            terminal.size = next
            presenter.resized()
          }
          if (redraws) presenter.redraw()
          vi.advanceTimersByTime(ms)
        }
        terminal.takes = (bytes) => bytes.length
        vi.advanceTimersByTime(10_000)
        const emulator = await replayed(start, happened)
        const last = steps.at(-1)?.meant ?? { frame: [], regions: [] }
        const { columns, rows } = terminal.size
        expect(asText(seen(emulator, terminal.size))).toEqual(asText(columnsOf(last, columns, rows)))
        expect(emulator.scrolledAway()).toBe(0)
        expect(emulator.modes().synchronized).toBe(false)
        emulator.dispose()
      }),
      { numRuns: 150 },
    )
  })
})

/** Bytes that a line carries in a millisecond. */
const SLOW_LINE = 16

describe('frames', () => {
  const lines = (letter: string) => Array.from({ length: 24 }, () => letter.repeat(80)).join('\n')
  const START = { columns: 80, rows: 24 }

  it('come ten times a second at most, however often something changes', () => {
    const { presenter } = presenterOn(START)
    for (let at = 0; at < 1000; at += 5) {
      presenter.write(`line ${at}`)
      vi.advanceTimersByTime(5)
    }
    expect(presenter.counters.frames).toBeGreaterThanOrEqual(9)
    expect(presenter.counters.frames).toBeLessThanOrEqual(11)
  })

  it('come at once when somebody waits for them', () => {
    const { presenter, text } = presenterOn(START)
    presenter.write('first')
    vi.advanceTimersByTime(15)
    presenter.write('second')
    presenter.flushSoon()
    vi.advanceTimersByTime(1)
    expect(text()).toContain('second')
  })

  it('cost nothing when nothing has changed', () => {
    const { presenter, happened } = presenterOn(START)
    presenter.write(lines('a'))
    vi.advanceTimersByTime(1000)
    const before = happened.length
    presenter.write(lines('a'))
    presenter.flushSoon()
    vi.advanceTimersByTime(1000)
    expect(happened.length).toBe(before)
  })

  it('replace each other on a slow line: it never falls behind, and is free again for a key', async () => {
    const { presenter, terminal, happened, text } = presenterOn(START)
    let room = 0
    terminal.takes = (bytes) => {
      const taken = Math.min(bytes.length, room)
      room -= taken
      return taken
    }
    const run = (ms: number, isThere = () => false) => {
      for (let at = 0; at < ms; at += 1) {
        // What the line does not carry at once stands in a buffer of the system.
        room = Math.min(room + SLOW_LINE, 1024)
        if (at % 20 === 0) presenter.write(lines(String.fromCharCode(97 + ((at / 20) % 26))))
        vi.advanceTimersByTime(1)
        if (isThere()) return at
      }
      return ms
    }
    run(3000)
    expect(presenter.counters.late).toBeGreaterThan(0)
    expect(presenter.counters.bytes).toBeLessThanOrEqual(3100 * SLOW_LINE)
    presenter.paint('cursor', { x: 0, y: 0, width: 3, height: 1, lines: ['KEY'] })
    presenter.flushSoon()
    // At worst behind one whole frame, which takes 130 ms.
    expect(run(1000, () => text().includes('KEY'))).toBeLessThan(300)
    run(20)
    presenter.write(lines('z'))
    for (let at = 0; at < 1000; at += 1) {
      room = 1024
      vi.advanceTimersByTime(1)
    }
    const emulator = await replayed(START, happened)
    expect(emulator.screen()[0]).toBe(`KEY${'z'.repeat(77)}`)
    expect(emulator.screen()[23]).toBe('z'.repeat(80))
    emulator.dispose()
  })

  it('end when the terminal is gone, which is told once', () => {
    const { presenter, terminal, happened, gone } = presenterOn(START)
    terminal.takes = () => {
      throw new Error('EIO')
    }
    presenter.write('a')
    vi.advanceTimersByTime(1000)
    presenter.write('b')
    presenter.redraw()
    vi.advanceTimersByTime(1000)
    expect(gone).toHaveLength(1)
    expect(happened).toEqual([])
  })
})
