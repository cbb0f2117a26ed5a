import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openCache } from '../../src/store/cache.ts'
import { testWorkspace } from './workspace.ts'

/** A workspace whose cache holds two answers. */
async function withAnswers() {
  const workspace = await testWorkspace()
  const cache = openCache(join(workspace.dir, 'runs/cache'))
  await cache.put('a'.repeat(64), { provider: 'p', text: 'x'.repeat(2_000), usage: { input: 1_200, output: 30 }, cost_micro_usd: 4_200 })
  await cache.put('b'.repeat(64), { provider: 'p', text: 'y' })
  return workspace
}

describe('tutti cache', () => {
  it('says what is kept, and what that took', async () => {
    const { tutti } = await withAnswers()
    const { code, stdout } = await tutti(['cache', 'stats'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^2 answers, 2\.\d kB\nkept from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d\n/)
    expect(stdout).toContain('when they were made: 1.2k tokens in, 30 out')
    expect(JSON.parse((await tutti(['cache', 'stats', '--json'])).stdout)).toMatchObject({ entries: 2, tokens: { input: 1_200, output: 30 }, damaged: 0 })
  })

  it('says it without a further word, and --workspace may stand before or behind that', async () => {
    const { dir, tutti } = await withAnswers()
    const elsewhere = await testWorkspace()
    const { stdout } = await tutti(['cache'])
    expect(stdout).toMatch(/^2 answers/)
    for (const args of [['cache'], ['cache', 'stats']]) expect((await elsewhere.tutti([...args, '--workspace', dir])).stdout).toBe(stdout)
    expect((await elsewhere.tutti(['cache', '--workspace', dir, 'stats'])).stdout).toBe(stdout)
    expect((await elsewhere.tutti(['budget', '--workspace', dir, 'show'])).stdout).toContain('month')
  })

  it('removes answers down to a size, and says how many', async () => {
    const { tutti } = await withAnswers()
    const { code, stdout } = await tutti(['cache', 'prune', '--max-size', '1kB'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^removed 1 answer, 2\.\d kB; 1 answer left, \d+ B\n?$/)
    expect(JSON.parse((await tutti(['cache', 'prune', '--days', '0', '--json'])).stdout)).toMatchObject({ removed: 1, left: 0, left_bytes: 0 })
  })

  it('removes nothing before it is told what may stay', async () => {
    const { tutti, list } = await withAnswers()
    expect(await tutti(['cache', 'prune'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--max-size 500MB') })
    expect(await tutti(['cache', 'prune', '--max-size', 'all'])).toMatchObject({ code: 2, stderr: expect.stringContaining('500MB, 2GB') })
    expect(await tutti(['cache', 'forget'])).toMatchObject({ code: 2 })
    expect(await list('runs/cache')).toHaveLength(2)
  })
})
