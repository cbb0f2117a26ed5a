import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { vocabulary } from '../../src/checks/registry.ts'
import { useChecks } from './subject.ts'

const { check, folder } = useChecks()
afterEach(() => vi.unstubAllEnvs())

const isValid = (value: unknown) => vocabulary['command']?.safeParse(value).success

describe('command', () => {
  it("passes when it exits with 0 in the task's folder", async () => {
    await writeFile(join(folder(), 'a.txt'), 'hello')
    expect(await check({ command: 'grep hello a.txt' })).toEqual([
      { rule: 'command', expected: 'the command "grep hello a.txt" exits with 0', found: 'exit code 0: hello', passed: true },
    ])
    expect(await check({ command: ['test', '-f', 'a.txt'] })).toMatchObject([{ found: 'exit code 0', passed: true }])
  })

  it('tells how it ended otherwise, and what it said last', async () => {
    const [row] = await check({ command: 'echo "2 of 3 failed"; echo "see \u001b[31mlog\u001b[0m"; exit 3' })
    expect(row).toMatchObject({ found: 'exit code 3: 2 of 3 failed see log', passed: false })
    expect(await check({ command: 'echo problem >&2; exit 1' })).toMatchObject([{ found: 'exit code 1: problem' }])
  })

  it('keeps the end of a long output', async () => {
    const [row] = await check({ command: 'i=0; while [ $i -lt 2000 ]; do echo "line $i"; i=$((i+1)); done; exit 1' })
    expect(row?.found).toMatch(/^exit code 1: ….* line 1998 line 1999$/)
    expect(row?.found.length).toBeLessThanOrEqual(200)
  })

  it('says so when it cannot be started', async () => {
    expect(await check({ command: ['no-such-program-here'] })).toMatchObject([
      { found: 'cannot start "no-such-program-here": there is no such program', passed: false },
    ])
    expect(await check({ command: 'true' }, { cwd: join(folder(), 'nowhere') })).toMatchObject([{ passed: false }])
  })

  it('has a time limit', async () => {
    expect(await check({ command: { command: 'sleep 100', timeout_s: 0.3 } })).toMatchObject([
      { found: expect.stringContaining('no end after 0.3 s'), passed: false },
    ])
  })

  it('is interrupted with its task', async () => {
    const controller = new AbortController()
    const rows = check({ command: 'echo started > started; sleep 100' }, { signal: controller.signal })
    await vi.waitFor(() => readFile(join(folder(), 'started')), { timeout: 10_000 })
    controller.abort()
    expect(await rows).toMatchObject([{ found: 'interrupted', passed: false }])
    expect(await check({ command: 'true' }, { signal: controller.signal })).toMatchObject([{ found: 'interrupted' }])
  })

  it('sees what is added to the environment, and no secret', async () => {
    vi.stubEnv('CHECK_TEST_KEY', 'secret-value')
    vi.stubEnv('CHECK_TEST_PLAIN', 'plain')
    const command = 'echo "$PARAM_A,$CHECK_TEST_PLAIN,$CHECK_TEST_KEY."'
    expect(await check({ command }, { env: { PARAM_A: 'a' } }, ['CHECK_TEST_KEY'])).toMatchObject([{ found: 'exit code 0: a,plain,.' }])
  })

  it('is a string, a list, or either with a time limit', () => {
    for (const value of ['npm test', ['npm', 'test'], { command: 'npm test', timeout_s: 5 }]) expect(isValid(value)).toBe(true)
    for (const value of ['', [], {}, { command: 'x', timeout_s: 0 }, { command: 'x', timeout: 1 }, 7]) expect(isValid(value)).toBe(false)
  })
})
