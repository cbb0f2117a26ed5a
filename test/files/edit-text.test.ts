import { appendFileSync } from 'node:fs'
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { editText } from '../../src/files/edit-text.ts'
import { tempDir } from '../temp-dir.ts'

it('changes a text, keeps its mode, and leaves nothing beside it', async () => {
  const dir = await tempDir()
  const path = join(dir, 'a.md')
  await writeFile(path, 'old')
  await chmod(path, 0o640)
  await editText(path, (text) => `${text} and new`)
  expect(await readFile(path, 'utf8')).toBe('old and new')
  expect((await stat(path)).mode & 0o777).toBe(0o640)
  expect(await readdir(dir)).toEqual(['a.md'])
})

it('does not touch a file that the edit leaves as it is, or that is not text', async () => {
  const path = join(await tempDir(), 'a.md')
  await writeFile(path, Buffer.from([0x48, 0xff]))
  const { mtimeMs, ino } = await stat(path)
  await editText(path, (text) => `${text}!`)
  await editText(path, (text) => text)
  expect(await stat(path)).toMatchObject({ mtimeMs, ino })
})

it('loses nothing of what somebody else writes meanwhile: it edits the new text', async () => {
  const dir = await tempDir()
  const path = join(dir, 'a.md')
  await writeFile(path, 'status: old\n')
  let tries = 0
  await editText(path, (text) => {
    if (++tries < 3) appendFileSync(path, `line ${tries}\n`)
    return text.replace('old', 'new')
  })
  expect(await readFile(path, 'utf8')).toBe('status: new\nline 1\nline 2\n')
  expect(await readdir(dir)).toEqual(['a.md'])
})

it('gives up on a file that never stands still, and leaves it as it is', async () => {
  const dir = await tempDir()
  const path = join(dir, 'a.md')
  await writeFile(path, '')
  const busy = editText(path, (text) => {
    appendFileSync(path, '.')
    return `${text}!`
  })
  await expect(busy).rejects.toThrow('a.md is being written all the time')
  expect(await readFile(path, 'utf8')).toMatch(/^\.+$/)
  expect(await readdir(dir)).toEqual(['a.md'])
})
