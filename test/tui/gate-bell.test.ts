import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createGateBell } from '../../src/tui/gate-bell.ts'
import { runWithGates } from './gates.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

/** A bell that is heard. */
function heard() {
  const rung: { at: number; text: string }[] = []
  const terminal = { isAway: false }
  const bell = createGateBell({ ring: (text) => rung.push({ at: performance.now(), text }), isAway: () => terminal.isAway })
  return { bell, rung, terminal, texts: () => rung.map(({ text }) => text) }
}

it('a task that begins to wait for a person rings once, and says which', () => {
  const { bell, texts } = heard()
  const run = runWithGates()
  bell.watch(run)
  run.add('deploy')
  vi.advanceTimersByTime(200)
  expect(texts()).toEqual(['"deploy" waits for approval'])
  vi.advanceTimersByTime(60_000)
  expect(texts()).toHaveLength(1)
})

it('several that come together are told as a number, and it rings no more than once a second', () => {
  const { bell, rung, texts } = heard()
  const run = runWithGates()
  bell.watch(run)
  for (let count = 0; count < 50; count++) {
    run.add(`a${count}`)
    vi.advanceTimersByTime(60)
  }
  vi.advanceTimersByTime(2000)
  expect(texts()[0]).toBe('2 tasks wait for you')
  for (const [index, { at }] of rung.entries()) expect(at - (rung[index - 1]?.at ?? -Infinity)).toBeGreaterThanOrEqual(1000)
  expect(texts().reduce((sum, text) => sum + Number(/^\d+/.exec(text)?.[0] ?? 1), 0)).toBe(50)
})

it('what was answered before it rang is not told', () => {
  const { bell, texts } = heard()
  const run = runWithGates()
  bell.watch(run)
  run.add('deploy')
  run.approve('deploy')
  vi.advanceTimersByTime(2000)
  expect(texts()).toEqual([])
})

it('while another program has the terminal it waits', () => {
  const { bell, texts, terminal } = heard()
  const run = runWithGates()
  bell.watch(run)
  terminal.isAway = true
  run.add('a')
  run.add('b')
  vi.advanceTimersByTime(10_000)
  expect(texts()).toEqual([])
  terminal.isAway = false
  vi.advanceTimersByTime(1000)
  expect(texts()).toEqual(['2 tasks wait for you'])
})

it('a gate that a run of our own came to before it was shown is told; what others conduct is told from now on', () => {
  for (const [is, expected] of [['live', ['"deploy" waits for approval']], ['followed', []]] as const) {
    const { bell, texts } = heard()
    const run = runWithGates(is)
    run.add('deploy')
    bell.watch(run)
    vi.advanceTimersByTime(200)
    expect(texts()).toEqual(expected)
  }
})

it.each(['replayed', 'recorded'] as const)('a run that is %s rings for nobody', (is) => {
  const { bell, texts } = heard()
  const run = runWithGates(is)
  bell.watch(run)
  run.add('deploy')
  vi.advanceTimersByTime(2000)
  expect(texts()).toEqual([])
})

it('it rings for the run that is conducted now, and for none when the page has closed', () => {
  const { bell, texts } = heard()
  const [first, second] = [runWithGates(), runWithGates()]
  bell.watch(first)
  bell.watch(second)
  first.add('old')
  second.add('new')
  vi.advanceTimersByTime(2000)
  expect(texts()).toEqual(['"new" waits for approval'])
  second.add('later')
  bell.close()
  vi.advanceTimersByTime(2000)
  expect(texts()).toHaveLength(1)
})
