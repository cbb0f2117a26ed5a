import { appendFile, chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises'
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

it('loses nothing of what somebody else writes meanwhile', async () => {
  const dir = await tempDir()
  const path = join(dir, 'a.md')
  await writeFile(path, 'status: 0\n')
  for (let round = 1; round <= 20; round++) {
    const editing = editText(path, (text) => text.replace(/status: \d+/, `status: ${round}`))
    await appendFile(path, `line ${round}\n`)
    await editing
  }
  const lines = (await readFile(path, 'utf8')).split('\n')
  expect(lines).toEqual(['status: 20', ...Array.from({ length: 20 }, (_, index) => `line ${index + 1}`), ''])
  expect(await readdir(dir)).toEqual(['a.md'])
})
