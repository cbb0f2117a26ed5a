import { writeFileSync } from 'node:fs'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { watchFolders } from '../../src/watcher/settled-files.ts'
import type { FileChange } from '../../src/watcher/watcher.ts'
import { tempDir } from '../temp-dir.ts'

async function watched(...present: string[]) {
  const dir = await tempDir()
  for (const name of present) await writeFile(join(dir, name), 'text')
  const reports: FileChange[][] = []
  const watcher = watchFolders([dir], {
    accepts: (name) => name.endsWith('.md'),
    report: (changes) => reports.push(changes),
    failed: () => {},
  })
  onTestFinished(() => watcher.close())
  await watcher.ready
  const seen = () => reports.flat().map(({ type, path }) => `${type} ${path.slice(dir.length + 1)}`)
  return { dir, reports, seen, file: (name: string) => join(dir, name) }
}

describe('a folder that is watched', () => {
  it('reports everything that is there, all at once, before it is ready', async () => {
    const { reports, seen } = await watched('a.md', 'b.md', 'c.md')
    expect(seen().sort()).toEqual(['changed a.md', 'changed b.md', 'changed c.md'])
    expect(reports).toHaveLength(1)
  })

  it('is ready at once when there is nothing', async () => {
    expect((await watched()).seen()).toEqual([])
  })

  it('reports a new file once it has stood still, and once only', async () => {
    const { file, seen } = await watched()
    await writeFile(file('a.md'), 'half')
    await writeFile(file('a.md'), 'half and half')
    await writeFile(file('end.md'), 'x')
    await expect.poll(() => seen().sort()).toEqual(['changed a.md', 'changed end.md'])
  })

  it('waits with an empty file until something is written into it', async () => {
    const { file, seen } = await watched()
    await writeFile(file('a.md'), '')
    await writeFile(file('b.md'), 'text')
    await expect.poll(seen).toEqual(['changed b.md'])
    await writeFile(file('a.md'), 'text')
    await expect.poll(seen).toEqual(['changed b.md', 'changed a.md'])
  })

  it('takes a save by rename for a change, not for a loss', async () => {
    const { file, seen } = await watched('a.md')
    await writeFile(file('a.md.tmp'), 'new text')
    await rename(file('a.md.tmp'), file('a.md'))
    await expect.poll(seen).toEqual(['changed a.md', 'changed a.md'])
    await rename(file('a.md'), file('a.md~'))
    await writeFile(file('a.md'), 'newer text')
    await expect.poll(seen).toEqual(['changed a.md', 'changed a.md', 'changed a.md'])
  })

  it('loses none of many files that are created empty and written a moment later', async () => {
    const { file, seen } = await watched()
    const names = Array.from({ length: 60 }, (_, index) => `${index}.md`)
    await Promise.all(
      names.map(async (name, index) => {
        const handle = await open(file(name), 'w')
        await new Promise((resolve) => setTimeout(resolve, index % 6))
        await handle.writeFile('text')
        await handle.close()
      }),
    )
    await expect.poll(() => new Set(seen()).size, { timeout: 10_000 }).toBe(names.length)
  })

  it('misses no file that comes while it begins', async () => {
    const begun = Array.from({ length: 60 }, async (_, turns) => {
      const dir = await tempDir()
      const reported: string[] = []
      const watcher = watchFolders([dir], { accepts: () => true, report: (changes) => reported.push(...changes.map(({ type }) => type)), failed: () => {} })
      onTestFinished(() => watcher.close())
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
      await writeFile(join(dir, 'a.md'), 'text')
      await expect.poll(() => reported, { timeout: 10_000 }).toEqual(['changed'])
    })
    await Promise.all(begun)
  })

  it('reports a file that is gone', async () => {
    const { file, seen } = await watched('a.md')
    await rm(file('a.md'))
    await expect.poll(seen).toEqual(['changed a.md', 'gone a.md'])
  })

  it('looks at nothing but the files it was asked for, and into no folder', async () => {
    const { dir, file, seen } = await watched()
    await mkdir(join(dir, 'deep.md'))
    await writeFile(join(dir, 'deep.md', 'x.md'), 'text')
    await writeFile(file('a.txt'), 'text')
    await writeFile(file('end.md'), 'text')
    await expect.poll(seen).toEqual(['changed end.md'])
  })

  it('finds what is dropped after the folder was deleted and made again, or another was put in its place', async () => {
    const { dir, file, seen } = await watched('a.md')
    await rm(dir, { recursive: true })
    await expect.poll(seen).toEqual(['changed a.md', 'gone a.md'])
    await mkdir(dir)
    await writeFile(file('b.md'), 'text')
    await expect.poll(seen, { timeout: 5_000 }).toEqual(['changed a.md', 'gone a.md', 'changed b.md'])
    await rename(dir, `${dir}-before`)
    await mkdir(dir)
    await writeFile(file('c.md'), 'text')
    await expect.poll(() => seen().sort(), { timeout: 5_000 }).toEqual(['changed a.md', 'changed b.md', 'changed c.md', 'gone a.md', 'gone b.md'])
    await writeFile(file('d.md'), 'text')
    await expect.poll(seen, { timeout: 5_000 }).toContain('changed d.md')
  })

  it('finds every one of more files than the system can tell of at once', async () => {
    const { dir, file, seen } = await watched()
    // Written without giving the watch a turn: it forgets what goes beyond its queue, 16,384 events on Linux.
    for (let at = 0; at < 9_000; at++) writeFileSync(file(`${at}.md`), 'text')
    await expect.poll(() => new Set(seen()).size, { timeout: 30_000 }).toBe(9_000)
    await rm(dir, { recursive: true })
  })
})
