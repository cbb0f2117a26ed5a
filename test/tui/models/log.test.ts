import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { execa } from 'execa'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { attemptLogPath } from '../../../src/store/attempt-log.ts'
import { logModel } from '../../../src/tui/models/log.ts'
import { task } from '../../core/specs.ts'
import { lines, logWorld } from '../log-world.ts'

/** A model beside the screen's own, and how often it said that more has come. */
async function model() {
  const world = await logWorld([task('a'), task('b')])
  const { run } = world.store.glance()
  let times = 0
  const log = logModel(run, () => times++)
  return { ...world, log, times: () => times }
}

describe('what is no log', () => {
  it.each([
    ['a folder', (path: string) => mkdir(path)],
    ['a pipe that nobody writes to', (path: string) => execa('mkfifo', [path])],
  ])('is like a log that is not there: %s', async (_, put) => {
    const { log, store } = await model()
    const folder = store.glance().run?.folder
    if (folder === undefined) throw new Error('a run is shown')
    await mkdir(dirname(attemptLogPath(folder, 'a', 1)), { recursive: true })
    await put(attemptLogPath(folder, 'a', 1))
    expect(log.show('a', 1).text.end).toBe(0)
    expect(log.show('a', 1).text.lineAt(0)).toBeUndefined()
    log.close()
  })
})

describe('logs that grow', () => {
  it('are told of when they are shown', async () => {
    const { log, says, times } = await model()
    expect(log.show('a', 1).text.end).toBe(0)
    await says('a', 'one\n')
    await vi.waitUntil(() => times() === 1)
    expect(log.show('a', 1).text.lineAt(0)?.text).toBe('one')
    await says('a', 'two\n')
    await vi.waitUntil(() => times() === 2)
    log.close()
  })

  it('are told of once, until they are shown again, and no more when another is shown', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const { log, says, times } = await model()
    log.show('a', 1)
    await says('a', 'one\n')
    vi.advanceTimersByTime(1_000)
    expect(times()).toBe(1)
    log.show('b', 1)
    await says('a', 'two\n')
    vi.advanceTimersByTime(1_000)
    expect(times()).toBe(1)
    await says('b', 'one\n')
    vi.advanceTimersByTime(1_000)
    expect(times()).toBe(2)
    log.close()
  })

  it('stay as they were at the moment in which they were shown', async () => {
    const { log, says } = await model()
    await says('a', 'one\n')
    const { text } = log.show('a', 1)
    await says('a', 'two\n')
    expect(text.lineAt(4)).toBeUndefined()
    expect(log.show('a', 1).text.lineAt(4)?.text).toBe('two')
    log.close()
  })

  it('stay readable when more of them are shown than are kept open', async () => {
    const ids = Array.from({ length: 100 }, (_, index) => `t${index}`)
    const world = await logWorld(ids.map((id) => task(id)), { settings: { max_concurrent: 100 } })
    const { log } = world.store.glance().models
    await Promise.all(ids.map((id) => world.says(id, `I am ${id}\n`)))
    expect(log.running()).toEqual(ids)
    for (let round = 0; round < 2; round++) for (const id of ids) expect(log.show(id, 1).text.lineAt(0)?.text).toBe(`I am ${id}`)
  })
})

it('knows what runs', async () => {
  const world = await logWorld([task('a'), task('b'), task('c', { depends_on: ['a'] })])
  const { log } = world.store.glance().models
  expect(log.running()).toEqual(['a', 'b'])
  world.end('a')
  expect(log.running()).not.toContain('a')
  expect(log.running()).toContain('b')
})

describe('a search', () => {
  it('finds each line in a log of many slices, in both directions', async () => {
    const { log, says } = await model()
    const held = [0, 5, 9_000, 9_001, 17_500, 39_999]
    const all = lines(40_000).trimEnd().split('\n').map((line, index) => `${held.includes(index) ? 'é needle needle' : 'é'} ${line}`)
    await says('a', `${all.join('\n')}\n`)
    await vi.waitUntil(() => log.search('a', 1, 'needle')?.isDone())
    const found = log.search('a', 1, 'needle')
    expect(found?.count()).toBe(held.length)
    const { text } = log.show('a', 1)
    const walk = (from: number, seek: 'next' | 'previous') => {
      const seen: string[] = []
      for (let at = from; seen.length <= held.length; ) {
        const hit = found?.nearest(at, seek)
        if (typeof hit !== 'object') throw new Error(String(hit))
        at = hit.line
        seen.push(text.lineAt(hit.line)?.text ?? '')
        expect(held[hit.nth - 1]).toBe(all.indexOf(seen.at(-1) ?? ''))
      }
      return seen
    }
    const expected = held.map((index) => all[index])
    expect(walk(-1, 'next')).toEqual([...expected, expected[0]])
    expect(walk(text.end, 'previous')).toEqual([...expected.toReversed(), expected.at(-1)])
    log.close()
  })

  it('counts a line once that it saw before it was whole', async () => {
    const { log, says } = await model()
    await says('a', 'a needle, and')
    await vi.waitUntil(() => log.search('a', 1, 'needle')?.isDone())
    await says('a', ' another needle\nneedle\n')
    await vi.waitUntil(() => log.search('a', 1, 'needle')?.isDone())
    expect(log.search('a', 1, 'needle')?.count()).toBe(2)
    log.close()
  })

  it('is another one with other words, and none without', async () => {
    const { log, says } = await model()
    await says('a', 'one\ntwo\n')
    await vi.waitUntil(() => log.search('a', 1, 'one')?.isDone())
    await vi.waitUntil(() => log.search('a', 1, 'o')?.isDone())
    expect(log.search('a', 1, 'o')?.count()).toBe(2)
    expect(log.search('a', 1, '')).toBeUndefined()
    log.close()
  })
})
