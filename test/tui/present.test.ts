import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { COMMANDS } from '../../src/tui/commands.ts'
import { ASKED } from '../story/notes-api.ts'
import { inInk } from './in-ink.tsx'
import { onEmulator } from './on-emulator.ts'
import { storyScreen } from './story-screen.ts'

const KEYS = [...new Set(COMMANDS.flatMap(({ keys }) => [...keys])), ...Array.from('schema status:'), 'backspace', 'y', 'n', '1', '2', 'w']

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ key: fc.constantFrom(...KEYS) }) },
  { weight: 1, arbitrary: fc.record({ width: fc.integer({ min: 20, max: 200 }), height: fc.integer({ min: 6, max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ asks: fc.constantFrom('builder', 'site', 'schema'), what: fc.constantFrom(...Object.values(ASKED)) }) },
  { weight: 1, arbitrary: fc.record({ second: fc.integer({ min: 226, max: 700 }) }) },
)

describe('the page on a terminal', () => {
  it('is the page that Ink alone would show, whatever keys are pressed, whatever size it gets, whatever happens', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { store, press, run } = await storyScreen({ size: { width: 100, height: 30 } })
        const terminal = onEmulator(store)
        await terminal.ready
        const ink = inInk(store)
        for (const next of steps) {
          if ('key' in next) press(next.key)
          else if ('asks' in next) run.ask(next.asks, next.what)
          else if ('second' in next) run.goOn(next.second)
          else {
            terminal.resize(next.width, next.height)
            ink.resized()
          }
        }
        await vi.waitFor(async () => {
          store.tick()
          await terminal.settled()
          expect(terminal.emulator.screen().map((line) => line.trimEnd())).toEqual(ink.lines())
        })
        terminal.close()
        store.close()
      }),
      { numRuns: 25 },
    )
  })

  it.each([
    ['a pane', []],
    ['a page', ['i']],
  ])('tells of a bug in %s', async (_, keys) => {
    const { store, press } = await storyScreen()
    const { broken, ready } = onEmulator(store)
    await ready
    press(...keys)
    const { models } = store.glance()
    const bug = new Error('a bug')
    const fail = () => {
      throw bug
    }
    Object.assign(models.queue, { count: fail })
    Object.assign(models.overviews, { inbox: fail })
    store.tick()
    expect(await broken).toBe(bug)
  })

  it('is broken by a key that comes upon a bug, and the program is not', async () => {
    const { store } = await storyScreen()
    const press = () => {
      throw new Error('a page lost its rows')
    }
    const terminal = onEmulator({ ...store, press })
    terminal.press({ name: 'down' })
    expect(await terminal.broken).toMatchObject({ message: 'a page lost its rows' })
  })

  it('is there before Ink is', async () => {
    const { store } = await storyScreen()
    const { emulator, presenter } = onEmulator(store)
    await vi.waitFor(() => expect(presenter.counters.frames).toBe(1))
    await emulator.settled()
    expect(emulator.screen().join('\n')).toContain('queue')
  })
})
