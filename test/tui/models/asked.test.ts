import { describe, expect, it, vi } from 'vitest'
import { asked } from '../../../src/tui/models/asked.ts'
import { eventually } from '../eventually.ts'

/** Questions that are answered when a test says so. */
function questions(options: { most?: number; lasts?: number } = {}) {
  const open: { key: string; answer: (value: string) => void }[] = []
  const changed = vi.fn()
  const ask = asked<string>({
    read: (key) => new Promise((resolve) => void open.push({ key, answer: resolve })),
    most: options.most ?? 10,
    lasts: () => options.lasts ?? Number.POSITIVE_INFINITY,
    changed,
  })
  /** Answers the question that is open, and waits until that has been told. */
  const answer = async (value: string) => {
    const told = changed.mock.calls.length
    open.at(-1)?.answer(value)
    await eventually(() => expect(changed.mock.calls.length).toBe(told + 1))
  }
  return { ask, answer, asked: () => open.map(({ key }) => key) }
}

describe('what is asked for', () => {
  it('is nothing until it has come, and is asked for once', async () => {
    const { ask, answer, asked } = questions()
    expect([ask('a'), ask('a')]).toEqual([undefined, undefined])
    await answer('told')
    expect(ask('a')).toBe('told')
    expect(asked()).toEqual(['a'])
  })

  it('comes one after the other, the last wish first', async () => {
    const { ask, answer, asked } = questions()
    for (const key of ['a', 'b', 'c']) ask(key)
    expect(asked()).toEqual(['a'])
    await answer('1')
    await answer('2')
    expect(asked()).toEqual(['a', 'c', 'b'])
  })

  it('forgets what was wished long ago, and what was told long ago', async () => {
    const { ask, answer, asked } = questions({ most: 2 })
    for (const key of ['a', 'b', 'c', 'd']) ask(key)
    await answer('1')
    await answer('2')
    await answer('3')
    expect(asked()).toEqual(['a', 'd', 'c'])
    expect([ask('d'), ask('c'), ask('a')]).toEqual(['2', '3', undefined])
  })

  it('is shown as it was until it is known anew', async () => {
    const { ask, answer, asked } = questions({ lasts: -1 })
    ask('a')
    await answer('old')
    expect(ask('a')).toBe('old')
    expect(asked()).toEqual(['a', 'a'])
    await answer('new')
    expect(ask('a')).toBe('new')
  })
})
