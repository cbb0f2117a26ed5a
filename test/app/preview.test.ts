import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { previewFile } from '../../src/app/preview.ts'
import { runFolder, type RunFolder } from '../../src/store/run-folder.ts'
import { openWorkspace } from '../../src/app/workspace.ts'
import { tempDir } from '../temp-dir.ts'

const KEY = 'sk-a-secret-that-is-long'

async function inRun(): Promise<{ folder: RunFolder; put: (name: string, content: string | Uint8Array) => Promise<void>; preview: (path: string) => ReturnType<typeof previewFile> }> {
  const dir = await tempDir()
  const workspace = await openWorkspace(dir, {}, { OPENAI_API_KEY: KEY })
  if ('problems' in workspace) throw new Error('the workspace cannot be opened')
  const folder = runFolder(workspace.runs, 'r')
  await mkdir(join(folder.outputs, 'a'), { recursive: true })
  return {
    folder,
    put: (name, content) => writeFile(join(folder.outputs, 'a', name), content),
    preview: (path) => previewFile(workspace, folder, path),
  }
}

describe('a preview of a file', () => {
  it('is its text', async () => {
    const { put, preview } = await inRun()
    await put('notes.md', 'größe\n')
    expect(await preview('outputs/a/notes.md')).toEqual({ is: 'text', text: 'größe\n', cut: false })
  })

  it('is its beginning where it is long, though a sign was cut in two', async () => {
    const { put, preview } = await inRun()
    await put('long.txt', `x${'ä'.repeat(100_000)}`)
    expect(await preview('outputs/a/long.txt')).toEqual({ is: 'text', text: `x${'ä'.repeat(32_767)}`, cut: true })
  })

  it('says what is no text', async () => {
    const { put, preview } = await inRun()
    await put('zero', Uint8Array.of(65, 0, 66))
    await put('latin', Uint8Array.of(0xe4, 0xf6))
    expect([await preview('outputs/a/zero'), await preview('outputs/a/latin')]).toEqual([{ is: 'binary' }, { is: 'binary' }])
  })

  it('shows no secret', async () => {
    const { put, preview } = await inRun()
    await put('leak.env', `KEY=${KEY}`)
    expect(await preview('outputs/a/leak.env')).toMatchObject({ text: 'KEY=[secret OPENAI_API_KEY]' })
  })

  it('never leads out of the folder of the run', async () => {
    const { folder, preview } = await inRun()
    const outside = await tempDir()
    await writeFile(join(outside, 'theirs'), 'private')
    await symlink(join(outside, 'theirs'), join(folder.outputs, 'a', 'link'))
    await symlink(outside, join(folder.outputs, 'a', 'way'))
    for (const path of ['outputs/a/link', 'outputs/a/way/theirs', '../../config.json', '..']) expect(await preview(path), path).toMatchObject({ is: 'unreadable' })
  })

  it('does not wait for a pipe, and says what is missing', async () => {
    const { folder, preview } = await inRun()
    await execa('mkfifo', [join(folder.outputs, 'a', 'pipe')])
    expect(await preview('outputs/a/pipe')).toEqual({ is: 'unreadable', why: 'it is not a regular file' })
    expect(await preview('outputs/a')).toEqual({ is: 'unreadable', why: 'it is not a regular file' })
    expect(await preview('outputs/a/none')).toMatchObject({ is: 'unreadable', why: expect.stringContaining('ENOENT') as string })
  })
})
