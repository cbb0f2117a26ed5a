import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { link, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeWithin } from '../../src/files/write-within.ts'

let outside: string
let root: string
beforeEach(async () => {
  outside = await mkdtemp(join(tmpdir(), 'write-within-'))
  root = join(outside, 'root')
})
afterEach(() => rm(outside, { recursive: true, force: true }))

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const text = (path: string) => readFile(join(root, path), 'utf8')

describe('a file that is written within a folder', () => {
  it('is there, and is told with size and sha256', async () => {
    const content = 'héllo\n'
    expect(await writeWithin(root, 'a.txt', content)).toEqual({
      result: 'written',
      path: 'a.txt',
      size: 7,
      sha256: sha256(content),
      written: 'new',
    })
    expect(await text('a.txt')).toBe(content)
  })

  it('may be deep down, and bytes', async () => {
    const bytes = new Uint8Array([0, 255, 10])
    expect(await writeWithin(root, 'a/b/c.bin', bytes)).toMatchObject({ path: 'a/b/c.bin', size: 3 })
    expect([...(await readFile(join(root, 'a/b/c.bin')))]).toEqual([0, 255, 10])
  })

  it('has its path without empty steps and dots', async () => {
    expect(await writeWithin(root, './a//./b.txt', '')).toMatchObject({ path: 'a/b.txt', size: 0 })
    expect(await text('a/b.txt')).toBe('')
  })

  it.each(['...', '..a', 'a..b/c', '-rf', 'a b', 'é/漢.txt', 'x'.repeat(255)])('may have the name %s', async (path) => {
    expect(await writeWithin(root, path, 'x')).toMatchObject({ result: 'written', path })
    expect(await text(path)).toBe('x')
  })

  it('is not touched when it holds the same already', async () => {
    await writeWithin(root, 'a.txt', 'same')
    const long = new Date('2020-01-01')
    await utimes(join(root, 'a.txt'), long, long)
    expect(await writeWithin(root, 'a.txt', 'same')).toMatchObject({ written: 'same', size: 4, sha256: sha256('same') })
    expect((await stat(join(root, 'a.txt'))).mtime).toEqual(long)
  })

  it('is replaced when it holds something else', async () => {
    await writeWithin(root, 'a.txt', 'one')
    expect(await writeWithin(root, 'a.txt', 'two')).toMatchObject({ written: 'changed' })
    expect(await writeWithin(root, 'a.txt', 'three')).toMatchObject({ written: 'changed' })
    expect(await text('a.txt')).toBe('three')
  })

  it('leaves no other file behind, even when many are written at once', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, index) => writeWithin(root, `f${index % 4}/a.txt`, `${index}`)))
    expect((await readdir(root, { recursive: true })).sort()).toEqual(
      [0, 1, 2, 3].flatMap((index) => [`f${index}`, `f${index}/a.txt`]),
    )
  })

  it('does not write through a hard link', async () => {
    await mkdir(root)
    await writeFile(join(outside, 'precious'), 'precious')
    await link(join(outside, 'precious'), join(root, 'a.txt'))
    await writeWithin(root, 'a.txt', 'changed')
    expect(await readFile(join(outside, 'precious'), 'utf8')).toBe('precious')
  })

  it('may lie in a folder that is reached by a link itself', async () => {
    await mkdir(root)
    await symlink(root, join(outside, 'alias'))
    expect(await writeWithin(join(outside, 'alias'), 'a/b.txt', 'x')).toMatchObject({ written: 'new' })
    expect(await text('a/b.txt')).toBe('x')
  })
})

describe('a path is refused', () => {
  it.each([
    ['', 'it is empty'],
    ['../x', 'it leaves the folder by ".."'],
    ['a/../b', 'it leaves the folder by ".."'],
    ['a/..', 'it leaves the folder by ".."'],
    ['..', 'it leaves the folder by ".."'],
    ['/etc/passwd', 'it is absolute'],
    ['C:/x', 'it is absolute'],
    ['c:x', 'it is absolute'],
    ['a\\..\\b', 'it holds a backslash'],
    ['~/x', 'it starts with "~"'],
    ['~root/x', 'it starts with "~"'],
    ['a\0.txt', 'it holds a control character'],
    ['a\nb', 'it holds a control character'],
    ['.', 'it names a folder'],
    ['a/', 'it names a folder'],
    ['a/.', 'it names a folder'],
    ['é'.repeat(128), 'a name in it is longer than 255 bytes'],
    ['a/'.repeat(600) + 'b', 'it is longer than 1024 bytes'],
  ])('%j: %s', async (path, reason) => {
    expect(await writeWithin(root, path, 'x')).toEqual({ result: 'refused', path, reason })
    expect(await readdir(outside)).toEqual([])
  })

  it('when it is a link, wherever that leads', async () => {
    await mkdir(root)
    await symlink(join(outside, 'target'), join(root, 'dangling'))
    await writeFile(join(root, 'real'), 'real')
    await symlink('real', join(root, 'inside'))
    for (const path of ['dangling', 'inside']) {
      expect(await writeWithin(root, path, 'x')).toEqual({ result: 'refused', path, reason: 'it is a symbolic link' })
    }
    expect(existsSync(join(outside, 'target'))).toBe(false)
    expect(await text('real')).toBe('real')
  })

  it('when it goes through a link', async () => {
    await mkdir(join(root, 'a'), { recursive: true })
    await symlink(outside, join(root, 'a', 'up'))
    for (const path of ['a/up/x', 'a/up/new/x']) {
      expect(await writeWithin(root, path, 'x')).toEqual({
        result: 'refused',
        path,
        reason: 'it goes through the symbolic link "a/up"',
      })
    }
    expect(await readdir(outside)).toEqual(['root'])
    expect((await lstat(join(root, 'a', 'up'))).isSymbolicLink()).toBe(true)
  })

  it('when it is a folder, or goes through a file', async () => {
    await mkdir(join(root, 'folder'), { recursive: true })
    await writeFile(join(root, 'file'), '')
    expect(await writeWithin(root, 'folder', 'x')).toMatchObject({ result: 'refused', reason: 'it is a folder' })
    expect(await writeWithin(root, 'file/x', 'x')).toMatchObject({ reason: '"file" is a file, not a folder' })
  })

  it('when it is something that waits for a reader', async () => {
    await mkdir(root)
    execFileSync('mkfifo', [join(root, 'pipe')])
    expect(await writeWithin(root, 'pipe', 'x')).toMatchObject({ result: 'refused', reason: 'it is not a regular file' })
  })
})

describe('a file system that fails', () => {
  it('is an error, and leaves nothing half-written behind', async () => {
    await writeFile(root, 'a file where the folder should be')
    await expect(writeWithin(root, 'a.txt', 'x')).rejects.toThrow('ENOTDIR')
    expect(await readdir(outside)).toEqual(['root'])
  })
})
