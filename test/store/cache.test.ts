import { createHash } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { execa } from 'execa'
import { openCache } from '../../src/store/cache.ts'
import { cacheStats, pruneCache } from '../../src/store/cache-upkeep.ts'
import type { Cache } from '../../src/store/store.ts'
import { tempDir } from '../temp-dir.ts'

const key = (name: string) => createHash('sha256').update(name).digest('hex')
const entry = (text: string, more: Partial<Parameters<Cache['put']>[1]> = {}) => ({ provider: 'p', text, ...more })

const folderOf = async () => join(await tempDir(), 'runs/cache')

describe('the cache', () => {
  it('gives back what was kept', async () => {
    const cache = openCache(await folderOf())
    expect(await cache.get(key('a'))).toBeUndefined()
    const files = [{ path: 'x', content: '/w==', executable: true as const }]
    await cache.put(key('a'), entry('text', { model: 'm', usage: { input: 1 }, cost_micro_usd: 5, files }))
    expect(await cache.get(key('a'))).toMatchObject({ v: 1, text: 'text', provider: 'p', model: 'm', usage: { input: 1 }, cost_micro_usd: 5, files })
  })

  it('holds a whole entry at any moment, however many write the same one', async () => {
    const folder = await folderOf()
    const texts = Array.from({ length: 12 }, (_, index) => String(index).repeat(100_000))
    const [first = ''] = texts
    await openCache(folder).put(key('a'), entry(first))
    let writing = true
    const written = Promise.all(texts.map((text) => openCache(folder).put(key('a'), entry(text)))).finally(() => (writing = false))
    const reader = openCache(folder)
    while (writing) expect(texts).toContain((await reader.get(key('a')))?.text)
    await written
    expect(await readdir(folder)).toEqual([`${key('a')}.json`])
  })

  it.each(['', '{"v":1', '{"v":2,"text":"x"}', '[]', '{"v":1,"made_at":"now","text":7}'])('has nothing where the entry is damaged: %s', async (text) => {
    const folder = await folderOf()
    const cache = openCache(folder)
    await cache.put(key('a'), entry('text'))
    await writeFile(join(folder, `${key('a')}.json`), text)
    expect(await cache.get(key('a'))).toBeUndefined()
    await cache.put(key('a'), entry('again'))
    expect(await cache.get(key('a'))).toMatchObject({ text: 'again' })
  })

  it('keeps nothing that is larger than its limit', async () => {
    const folder = await folderOf()
    const cache = openCache(folder, 1_000)
    await cache.put(key('a'), entry('x'.repeat(1_000)))
    expect(await cache.get(key('a'))).toBeUndefined()
    await cache.put(key('a'), entry('x'.repeat(500)))
    expect(await cache.get(key('a'))).toBeDefined()
  })

  it('goes on without the disk when it refuses', async () => {
    const dir = await tempDir()
    await writeFile(join(dir, 'cache'), 'no folder')
    const cache = openCache(join(dir, 'cache'))
    await cache.put(key('a'), entry('text'))
    expect(await cache.get(key('a'))).toBeUndefined()
  })
})

describe('what files hold', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

  async function files() {
    const dir = await tempDir()
    await mkdir(join(dir, 'src/deep'), { recursive: true })
    await writeFile(join(dir, 'src/a'), 'one')
    await writeFile(join(dir, 'src/deep/b'), '')
    return { dir, hash: (...paths: string[]) => openCache(join(dir, 'runs/cache')).hashFiles(dir, paths) }
  }

  it('is told of a file, of all files below a folder, and of what is not there', async () => {
    const { hash } = await files()
    expect(await hash('src/a')).toEqual({ 'src/a': `${sha256('one')} 3` })
    expect(await hash('src', 'gone', 'src/a/b')).toEqual({ 'src/a': `${sha256('one')} 3`, 'src/deep/b': `${sha256('')} 0`, gone: null, 'src/a/b': null })
  })

  it('leaves out the folder of the runs: it changes all the time', async () => {
    const { dir, hash } = await files()
    await mkdir(join(dir, 'runs/x'), { recursive: true })
    await writeFile(join(dir, 'runs/x/events.jsonl'), 'more')
    expect(Object.keys((await hash('.')) ?? {})).toEqual(['src/a', 'src/deep/b'])
    expect(Object.keys((await hash('runs/x')) ?? {})).toEqual(['runs/x/events.jsonl'])
  })

  it('follows a link to a file, and cannot tell of a folder that leads elsewhere', async () => {
    const { dir, hash } = await files()
    await symlink('a', join(dir, 'src/same'))
    expect(await hash('src')).toMatchObject({ 'src/same': `${sha256('one')} 3` })
    await symlink('..', join(dir, 'src/up'))
    expect(await hash('src')).toBeUndefined()
  })

  it('sees whether a file may be run', async () => {
    const { dir, hash } = await files()
    const before = await hash('src')
    await chmod(join(dir, 'src/a'), 0o755)
    expect(await hash('src')).not.toEqual(before)
  })

  it('cannot be told of a pipe, nor of more than anyone would wait for', async () => {
    const { dir, hash } = await files()
    await execa('mkfifo', [join(dir, 'pipe')])
    expect(await hash('pipe')).toBeUndefined()
    await writeFile(join(dir, 'huge'), '')
    await truncate(join(dir, 'huge'), 600_000_000)
    expect(await hash('huge')).toBeUndefined()
  })
})

describe('looking after the cache', () => {
  const DAY = 24 * 60 * 60 * 1000
  const NOW = Date.now()

  /** Entries that were last used so many days ago. */
  async function filled(days: Record<string, number>) {
    const folder = await folderOf()
    const cache = openCache(folder)
    for (const [name, ago] of Object.entries(days)) {
      await cache.put(key(name), entry(name.repeat(1_000)))
      const used = new Date(NOW - ago * DAY)
      await utimes(join(folder, `${key(name)}.json`), used, used)
    }
    const left = async () => (await Promise.all(Object.keys(days).map(async (name) => ((await cache.get(key(name))) === undefined ? [] : [name])))).flat()
    return { folder, cache, left }
  }

  it('says what it holds, and what that took when it was made', async () => {
    const { folder, cache } = await filled({ a: 1 })
    await cache.put(key('b'), entry('b', { usage: { input: 10, output: 4 }, cost_micro_usd: 7 }))
    await writeFile(join(folder, `${key('c')}.json`), 'damaged')
    await writeFile(join(folder, 'notes.txt'), 'not ours')
    const { bytes, oldest, newest, ...stats } = await cacheStats(folder)
    expect(stats).toEqual({ entries: 3, damaged: 1, tokens: { input: 10, output: 4 } })
    expect(bytes).toBeGreaterThan(1_000)
    expect(Date.parse(newest ?? '')).toBeGreaterThanOrEqual(Date.parse(oldest ?? ''))
  })

  it('has nothing to say of a cache that is not there', async () => {
    expect(await cacheStats(await folderOf())).toMatchObject({ entries: 0, bytes: 0, oldest: null, newest: null })
    expect(await pruneCache(await folderOf(), { max_bytes: 0 }, NOW)).toEqual({ removed: 0, bytes: 0, left: 0, left_bytes: 0 })
  })

  it('removes what was not used for so long', async () => {
    const { folder, left } = await filled({ a: 40, b: 20, c: 31 })
    const { removed, bytes } = await pruneCache(folder, { unused_since: NOW - 30 * DAY }, NOW)
    expect(removed).toBe(2)
    expect(bytes).toBeGreaterThan(2_000)
    expect(await left()).toEqual(['b'])
  })

  it('removes what was not used for longest, until the rest fits', async () => {
    const { folder, left } = await filled({ a: 1, b: 3, c: 2 })
    expect(await pruneCache(folder, { max_bytes: 2_500 }, NOW)).toMatchObject({ removed: 1, left: 2 })
    expect(await left()).toEqual(['a', 'c'])
    expect(await pruneCache(folder, { max_bytes: 10_000 }, NOW)).toMatchObject({ removed: 0, left: 2 })
  })

  it('takes an entry that is read for one that is used', async () => {
    const { folder, cache, left } = await filled({ a: 3, b: 2 })
    await cache.get(key('a'))
    await pruneCache(folder, { max_bytes: 1_500 }, NOW)
    expect(await left()).toEqual(['a'])
  })

  it('removes what a killed process left half written, and nothing that is not its own', async () => {
    const { folder } = await filled({ a: 1 })
    const old = new Date(NOW - DAY)
    const names = ['6f9619ff-8b86-4011-b42d-00c04fc964ff.tmp', 'notes.txt']
    for (const name of names) {
      await writeFile(join(folder, name), 'x')
      await utimes(join(folder, name), old, old)
    }
    await writeFile(join(folder, '00000000-8b86-4011-b42d-00c04fc964ff.tmp'), 'being written')
    await pruneCache(folder, { max_bytes: 0 }, NOW)
    expect((await readdir(folder)).sort()).toEqual(['00000000-8b86-4011-b42d-00c04fc964ff.tmp', 'notes.txt'])
    expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('x')
  })
})
