import { describe, expect, it } from 'vitest'
import { vocabulary } from '../../src/checks/registry.ts'
import { useChecks } from './subject.ts'

const { check } = useChecks()

describe('contains', () => {
  it('passes when the text is in the answer, letter by letter', async () => {
    expect(await check({ contains: 'Risks (all)' }, { text: '## Risks (all)\n' })).toEqual([
      { rule: 'contains', expected: 'contains "Risks (all)"', found: 'it is there', passed: true },
    ])
  })

  it('gives a row for each text of a list, and says what is close', async () => {
    expect(await check({ contains: ['one', 'two', 'THREE'] }, { text: 'one three' })).toEqual([
      { rule: 'contains', expected: 'contains "one"', found: 'it is there', passed: true },
      { rule: 'contains', expected: 'contains "two"', found: 'it is not there', passed: false },
      { rule: 'contains', expected: 'contains "THREE"', found: 'it is there, but with other capital letters', passed: false },
    ])
  })
})

describe('min_length and max_length', () => {
  it.each([
    [{ min_length: 3 }, 'abc', true],
    [{ min_length: 4 }, 'abc', false],
    [{ max_length: 3 }, 'abc', true],
    [{ max_length: 2 }, 'abc', false],
    [{ min_length: 3 }, '  ab \n\n', false],
    [{ max_length: 2 }, 'ab\n', true],
    [{ max_length: 2 }, 'é😀', true],
    [{ min_length: 3 }, 'é😀', false],
    [{ min_length: 0 }, '', true],
  ])('%j of %j: %s', async (rule, text, passed) => {
    expect(await check(rule, { text })).toMatchObject([{ passed }])
  })

  it('tell what was asked for and what is there', async () => {
    expect(await check({ min_length: 10, max_length: 4 }, { text: 'seven' })).toEqual([
      { rule: 'min_length', expected: 'at least 10 characters', found: '5 characters', passed: false },
      { rule: 'max_length', expected: 'at most 4 characters', found: '5 characters', passed: false },
    ])
  })
})

describe('matches', () => {
  it('passes when the expression finds something anywhere', async () => {
    expect(await check({ matches: '^v\\d+$' }, { text: 'v1' })).toEqual([
      { rule: 'matches', expected: 'text that matches the regular expression "^v\\\\d+$"', found: 'a match', passed: true },
    ])
    expect(await check({ matches: '^v\\d+$' }, { text: 'a\nv1' })).toMatchObject([{ found: 'no match', passed: false }])
  })

  it('takes flags', async () => {
    expect(await check({ matches: { pattern: '^V\\d+$', flags: 'im' } }, { text: 'a\nv1' })).toMatchObject([
      { expected: 'text that matches the regular expression "^V\\\\d+$" (flags im)', passed: true },
    ])
  })

  it('gives up on an expression that would run for ever, and the loop goes on meanwhile', async () => {
    let turns = 0
    const turning = setInterval(() => (turns += 1), 5)
    const started = performance.now()
    const rows = await check({ matches: '^(a+)+$' }, { text: `${'a'.repeat(50)}!` })
    clearInterval(turning)
    expect(rows).toMatchObject([{ found: expect.stringContaining('longer than 1 s'), passed: false }])
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(turns).toBeGreaterThan(10)
  })

  it('is interrupted with its task', async () => {
    const controller = new AbortController()
    const rows = check({ matches: '^(a+)+$' }, { text: `${'a'.repeat(50)}!`, signal: controller.signal })
    controller.abort()
    expect(await rows).toMatchObject([{ found: 'no result: the check was interrupted', passed: false }])
  })

  it('is known to be invalid when the task file is read', () => {
    for (const value of ['(', { pattern: 'a', flags: 'nope' }, '', { pattern: 'a', flag: 'i' }]) {
      expect(vocabulary['matches']?.safeParse(value).success).toBe(false)
    }
    expect(vocabulary['matches']?.safeParse('(').error?.issues[0]?.message).toContain('Unterminated group')
    expect(vocabulary['matches']?.safeParse({ pattern: 'a', flags: 'i' }).success).toBe(true)
  })
})
