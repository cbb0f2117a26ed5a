import type * as fs from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { watchFolders } from '../../src/watcher/settled-files.ts'
import { tempDir } from '../temp-dir.ts'

// The limit is the machine's, and all that runs on it would be without.
vi.mock('node:fs', async (original) => ({
  ...(await original<typeof fs>()),
  watch: () => {
    throw Object.assign(new Error('ENOSPC: System limit for number of file watchers reached'), { code: 'ENOSPC' })
  },
}))

it('a folder that cannot be watched is told of once, and what is dropped there is found all the same', async () => {
  const dir = await tempDir()
  const told: unknown[] = []
  const seen: string[] = []
  const watcher = watchFolders([dir], { accepts: () => true, report: (changes) => seen.push(...changes.map(({ type, path }) => `${type} ${path.slice(dir.length + 1)}`)), failed: (error) => told.push(error) })
  onTestFinished(() => watcher.close())
  await watcher.ready
  await writeFile(join(dir, 'a.md'), 'text')
  await expect.poll(() => seen, { timeout: 5_000 }).toEqual(['changed a.md'])
  await writeFile(join(dir, 'b.md'), 'text')
  await expect.poll(() => seen, { timeout: 5_000 }).toEqual(['changed a.md', 'changed b.md'])
  expect(told.map(String)).toEqual([expect.stringMatching(/System limit.*listed once a second instead/)])
})
