import { chmod, link, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FileStatus } from '../../src/core/task.ts'
import { fileAway, writeStatus } from '../../src/tasks/file-away.ts'
import { readTaskFile } from '../../src/tasks/inbox.ts'
import { moveAside } from '../../src/tasks/move-aside.ts'
import { useWorkspaceFolder } from './workspace-folder.ts'

const { dir, put, files, textOf } = useWorkspaceFolder()

/** Files a file away that is still what was read. */
async function fileAsRead(file: string, status: FileStatus, dropped = file) {
  return fileAway(dir(), file, status, await contentOf(file), dropped)
}

async function contentOf(file: string): Promise<string> {
  const read = await readTaskFile(dir(), file)
  return 'content_sha256' in read ? read.content_sha256 : 'gone'
}

const done = (body = 'Hi\n') => `---\nstatus: complete\n---\n\n${body}`

describe('filing away', () => {
  it('moves a complete file to tasks/completed, with its status', async () => {
    await put('tasks/pending/a.md', '---\nstatus: running\n---\nHi\n')
    expect(await fileAsRead('tasks/pending/a.md', 'complete')).toEqual({ result: 'filed', path: 'tasks/completed/a.md' })
    expect(await files()).toEqual({ 'tasks/completed/a.md': '---\nstatus: complete\n---\nHi\n' })
  })

  it('moves a failed file to tasks/failed', async () => {
    await put('tasks/plan.json', '{"status": "running", "prompt": "x"}')
    expect(await fileAsRead('tasks/plan.json', 'failed')).toEqual({ result: 'filed', path: 'tasks/failed/plan.json' })
    expect(await files()).toEqual({ 'tasks/failed/plan.json': '{"status": "failed", "prompt": "x"}' })
  })

  it.each(['incomplete', 'running', 'pending'] as const)('leaves a file that is %s where it is', async (status) => {
    await put('tasks/a.md')
    expect(await fileAsRead('tasks/a.md', status)).toEqual({ result: 'filed', path: 'tasks/a.md' })
    expect(await files()).toEqual({ 'tasks/a.md': `---\nstatus: ${status}\n---\n\nHi\n` })
  })

  it.each(['incomplete', 'running', 'pending'] as const)('puts a filed file that is %s again back to where it was dropped', async (status) => {
    await put('tasks/completed/a-2.md')
    expect(await fileAsRead('tasks/completed/a-2.md', status, 'tasks/pending/a.md')).toEqual({ result: 'filed', path: 'tasks/pending/a.md' })
    expect(await files()).toEqual({ 'tasks/pending/a.md': `---\nstatus: ${status}\n---\n\nHi\n` })
    expect(await fileAway(dir(), 'tasks/completed/a-2.md', status, await contentOf('tasks/pending/a.md'), 'tasks/pending/a.md')).toEqual({ result: 'filed', path: 'tasks/pending/a.md' })
  })

  it('leaves a filed file on its shelf where another one has taken its place, and takes it to the right one at its end', async () => {
    await put('tasks/failed/a.md')
    await put('tasks/a.md', 'another')
    expect(await fileAsRead('tasks/failed/a.md', 'running', 'tasks/a.md')).toEqual({ result: 'filed', path: 'tasks/failed/a.md' })
    expect(await fileAsRead('tasks/failed/a.md', 'failed', 'tasks/a.md')).toEqual({ result: 'filed', path: 'tasks/failed/a.md' })
    expect(await fileAsRead('tasks/failed/a.md', 'complete', 'tasks/a.md')).toEqual({ result: 'filed', path: 'tasks/completed/a.md' })
    expect(await files()).toEqual({ 'tasks/a.md': 'another', 'tasks/completed/a.md': done() })
  })

  it('leaves a file where it is that lies in no inbox', async () => {
    await put('tasks/examples/a.md')
    expect(await fileAsRead('tasks/examples/a.md', 'complete')).toEqual({ result: 'filed', path: 'tasks/examples/a.md' })
  })

  it('never overwrites: it adds a number', async () => {
    await put('tasks/completed/a.md', 'first')
    await put('tasks/completed/a-2.md', 'second')
    await put('tasks/completed/b.task.md', 'first')
    await put('tasks/a.md')
    await put('tasks/b.task.md')
    expect(await fileAsRead('tasks/a.md', 'complete')).toEqual({ result: 'filed', path: 'tasks/completed/a-3.md' })
    expect(await fileAsRead('tasks/b.task.md', 'complete')).toEqual({ result: 'filed', path: 'tasks/completed/b-2.task.md' })
    expect(await files()).toMatchObject({
      'tasks/completed/a.md': 'first',
      'tasks/completed/a-2.md': 'second',
      'tasks/completed/a-3.md': done(),
    })
  })

  it('files two files of one name at once, each under a name of its own', async () => {
    await put('tasks/a.md', 'one')
    await put('tasks/pending/a.md', 'two')
    await Promise.all(['tasks/a.md', 'tasks/pending/a.md'].map((file) => fileAsRead(file, 'complete')))
    expect(Object.values(await files()).sort()).toEqual([done('one'), done('two')])
  })

  it('keeps what a person changed since the file was read', async () => {
    await put('tasks/a.md', 'Newer words\n')
    await fileAsRead('tasks/a.md', 'complete')
    expect(await files()).toEqual({ 'tasks/completed/a.md': done('Newer words\n') })
  })

  it('keeps the mode of the file', async () => {
    await put('tasks/a.md')
    await chmod(join(dir(), 'tasks/a.md'), 0o640)
    await fileAsRead('tasks/a.md', 'complete')
    expect((await stat(join(dir(), 'tasks/completed/a.md'))).mode & 0o777).toBe(0o640)
  })

  it('keeps a file that was changed since it was read, to be run again', async () => {
    await put('tasks/a.md', '---\nstatus: running\n---\nHi\n')
    const read = await readTaskFile(dir(), 'tasks/a.md')
    await put('tasks/a.md', '---\nstatus: running\n---\nHi again\n')
    expect(await fileAway(dir(), 'tasks/a.md', 'complete', 'content_sha256' in read ? read.content_sha256 : '')).toEqual({ result: 'changed' })
    expect(await files()).toEqual({ 'tasks/a.md': '---\nstatus: pending\n---\nHi again\n' })
  })

  it('says when the file is gone', async () => {
    expect(await fileAsRead('tasks/a.md', 'complete')).toEqual({ result: 'gone' })
    expect(await files()).toEqual({})
  })

  it('says when the file system refuses', async () => {
    await put('tasks/a.md')
    await put('tasks/completed', 'a file where the folder should be')
    expect(await fileAsRead('tasks/a.md', 'complete')).toMatchObject({ result: 'refused', reason: expect.stringContaining('EEXIST') })
    expect(await textOf('tasks/a.md')).toBe(done())
  })

  it('leaves bytes alone that are not text', async () => {
    const bytes = Buffer.from([0x48, 0x69, 0xff, 0x0a])
    await put('tasks/a.md', bytes)
    await fileAsRead('tasks/a.md', 'complete')
    expect(await readFile(join(dir(), 'tasks/completed/a.md'))).toEqual(bytes)
  })
})

/** Stands for the end of the process. */
function crash(): Promise<never> {
  return Promise.reject(new Error('the process ended here'))
}

function noLinks(): Promise<never> {
  return Promise.reject(Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' }))
}

describe('filing away again after a crash', () => {
  it('goes on when the status was written and the file not moved', async () => {
    await put('tasks/a.md', done())
    await fileAsRead('tasks/a.md', 'complete')
    expect(await files()).toEqual({ 'tasks/completed/a.md': done() })
  })

  it.each(['a.md', 'a-2.md'])('goes on when the file had got its new name %s and not lost the old one', async (name) => {
    await put('tasks/a.md', done())
    await put('tasks/completed/.gitkeep', '')
    if (name !== 'a.md') await put('tasks/completed/a.md', 'another')
    await link(join(dir(), 'tasks/a.md'), join(dir(), 'tasks/completed', name))
    expect(await fileAsRead('tasks/a.md', 'complete')).toEqual({ result: 'filed', path: `tasks/completed/${name}` })
    expect(Object.entries(await files()).filter(([, text]) => text === done())).toEqual([[`tasks/completed/${name}`, done()]])
  })

  it('finds the file on its shelf when it had been moved', async () => {
    await put('tasks/completed/a.md', 'another')
    await put('tasks/a.md')
    const read = await readTaskFile(dir(), 'tasks/a.md')
    const content = 'content_sha256' in read ? read.content_sha256 : ''
    const filed = { result: 'filed', path: 'tasks/completed/a-2.md' }
    expect(await fileAway(dir(), 'tasks/a.md', 'complete', content)).toEqual(filed)
    expect(await fileAway(dir(), 'tasks/a.md', 'complete', content)).toEqual(filed)
    expect(await files()).toEqual({ 'tasks/completed/a.md': 'another', 'tasks/completed/a-2.md': done() })
  })

  it('leaves the file in one folder, wherever it was interrupted', async () => {
    await put('tasks/a.md', done())
    const from = join(dir(), 'tasks/a.md')
    const to = join(dir(), 'tasks/completed')
    await expect(moveAside(from, to, crash)).rejects.toThrow('ended here')
    await expect(moveAside(from, to, async (one, other) => link(one, other).then(crash))).rejects.toThrow('ended here')
    expect(Object.keys(await files())).toEqual(['tasks/a.md', 'tasks/completed/a.md'])
    await fileAsRead('tasks/a.md', 'complete')
    expect(await files()).toEqual({ 'tasks/completed/a.md': done() })
  })
})

describe('on a file system without hard links', () => {
  it('files are moved, and none overwritten', async () => {
    await put('tasks/completed/a.md', 'first')
    await put('tasks/a.md')
    await put('tasks/b.md')
    const to = join(dir(), 'tasks/completed')
    expect(await moveAside(join(dir(), 'tasks/a.md'), to, noLinks)).toBe(join(to, 'a-2.md'))
    expect(await moveAside(join(dir(), 'tasks/b.md'), to, noLinks)).toBe(join(to, 'b.md'))
    expect(await files()).toEqual({ 'tasks/completed/a.md': 'first', 'tasks/completed/a-2.md': 'Hi\n', 'tasks/completed/b.md': 'Hi\n' })
  })
})

describe('writing a status', () => {
  it('changes the file in place', async () => {
    await put('tasks/a.md', '---\nid: a\n---\nHi\n')
    expect(await writeStatus(dir(), 'tasks/a.md', 'running')).toEqual({ result: 'filed', path: 'tasks/a.md' })
    expect(await files()).toEqual({ 'tasks/a.md': '---\nstatus: running\nid: a\n---\nHi\n' })
  })

  it('does not touch a file that has the status', async () => {
    await put('tasks/a.md', done())
    const before = await stat(join(dir(), 'tasks/a.md'))
    await writeStatus(dir(), 'tasks/a.md', 'complete')
    const after = await stat(join(dir(), 'tasks/a.md'))
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs])
  })

  it('keeps a file that was changed since it was read, to be run again', async () => {
    await put('tasks/a.md', '---\nstatus: running\n---\nHi\n')
    const read = await readTaskFile(dir(), 'tasks/a.md')
    await put('tasks/a.md', '---\nstatus: running\n---\nHi again\n')
    expect(await fileAway(dir(), 'tasks/a.md', 'complete', 'content_sha256' in read ? read.content_sha256 : '')).toEqual({ result: 'changed' })
    expect(await files()).toEqual({ 'tasks/a.md': '---\nstatus: pending\n---\nHi again\n' })
  })

  it('says when the file is gone', async () => {
    expect(await writeStatus(dir(), 'tasks/a.md', 'running')).toEqual({ result: 'gone' })
  })
})
