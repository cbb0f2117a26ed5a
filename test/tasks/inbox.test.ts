import { mkdir, symlink, truncate } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listTaskFiles, readTaskFile } from '../../src/tasks/inbox.ts'
import { useWorkspaceFolder } from './workspace-folder.ts'

const { dir, put } = useWorkspaceFolder()

describe('reading a task file', () => {
  it('gives its bytes, and what identifies them', async () => {
    await put('tasks/a.md', '\uFEFFGrüße')
    expect(await readTaskFile(dir(), 'tasks/a.md')).toEqual({
      file: 'tasks/a.md',
      bytes: Buffer.from('\uFEFFGrüße'),
      text: '\uFEFFGrüße',
      sha256: '0d25b1f0bacd90e42ec9397f7bb74ce37954ed9d91c292e51ecceb1c1bdc9172',
      content_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      size: 10,
      inbox: true,
    })
  })

  it.each([
    ['tasks/a.md', true],
    ['tasks/pending/a.md', true],
    ['tasks/pending/deep/a.md', false],
    ['tasks/completed/a.md', false],
    ['a.md', false],
    ['other/tasks/a.md', false],
  ])('knows whether %s was dropped into an inbox: %s', async (path, inbox) => {
    await put(path)
    expect(await readTaskFile(dir(), join(dir(), path))).toMatchObject({ file: path, inbox })
  })

  it('names a file outside of the workspace in full', async () => {
    await put('elsewhere/tasks/a.md')
    const workspace = join(dir(), 'here')
    const path = join(dir(), 'elsewhere/tasks/a.md')
    expect(await readTaskFile(workspace, path)).toMatchObject({ file: path, inbox: false })
  })

  it('follows a link, and leaves it to its owner', async () => {
    await put('notes/a.md', 'Linked')
    await put('tasks/.gitkeep', '')
    await symlink('../notes/a.md', join(dir(), 'tasks/a.md'))
    expect(await readTaskFile(dir(), 'tasks/a.md')).toMatchObject({ text: 'Linked', inbox: false })
  })

  it('says why a file cannot be read', async () => {
    await mkdir(join(dir(), 'tasks/folder.md'), { recursive: true })
    await symlink('loop.md', join(dir(), 'tasks/loop.md'))
    expect(await readTaskFile(dir(), 'tasks/no.md')).toEqual({ file: 'tasks/no.md', message: 'there is no such file' })
    expect(await readTaskFile(dir(), 'tasks/folder.md')).toEqual({
      file: 'tasks/folder.md',
      message: 'this is a folder; name a task file in it',
    })
    expect(await readTaskFile(dir(), '/dev/null')).toEqual({ file: '/dev/null', message: 'this is not a regular file' })
    expect(await readTaskFile(dir(), 'tasks/loop.md')).toMatchObject({ message: expect.stringMatching(/^it cannot be read: ELOOP/) })
  })

  it('refuses a file of hundreds of megabytes before it reads it', async () => {
    const path = await put('tasks/big.md', '')
    await truncate(join(dir(), path), 300_000_000)
    expect(await readTaskFile(dir(), path)).toEqual({
      file: path,
      message: 'this has 300000000 bytes, and at most 67108864 are read; split it',
    })
  })
})

/** Relative to the folder. */
async function list(folder: string): Promise<string[]> {
  return (await listTaskFiles(join(dir(), folder), join(dir(), 'runs'))).map((path) => relative(join(dir(), folder), path))
}

describe('the task files of a folder', () => {
  it('are those of tasks/ and tasks/pending/, but not those that are done or samples', async () => {
    const paths = ['b.md', 'a.yaml', 'pending/c.json', 'completed/d.md', 'failed/e.md', 'examples/f.md', 'notes.txt', '.hidden.md', 'a.md~']
    for (const path of paths) await put(`tasks/${path}`)
    expect(await list('tasks')).toEqual(['a.yaml', 'b.md', 'pending/c.json'])
    expect(await list('')).toEqual(['tasks/a.yaml', 'tasks/b.md', 'tasks/pending/c.json'])
  })

  it('are all there are in any other folder, sorted', async () => {
    for (const path of ['b.md', 'completed/c.md', 'examples/x/a.md', '.git/d.md', 'node_modules/e/README.md']) await put(`plans/${path}`)
    expect(await list('plans')).toEqual(['b.md', 'completed/c.md', 'examples/x/a.md'])
    expect(await list('plans/examples')).toEqual(['x/a.md'])
  })

  it('may be links, but no links to folders', async () => {
    await put('notes/a.md')
    await put('plans/b.md')
    await symlink('../notes/a.md', join(dir(), 'plans/a.md'))
    await symlink('..', join(dir(), 'plans/up.md'))
    await symlink('nowhere', join(dir(), 'plans/broken.md'))
    expect(await list('plans')).toEqual(['a.md', 'b.md', 'broken.md'])
  })
})
