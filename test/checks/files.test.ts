import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { vocabulary } from '../../src/checks/registry.ts'
import { useChecks } from './subject.ts'

const { check, folder } = useChecks()

let cwd: string
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'checks-cwd-'))
})
afterEach(() => rm(cwd, { recursive: true, force: true }))

describe('files', () => {
  it('are looked for in the output folder, then where the task works', async () => {
    await mkdir(join(folder(), 'src'))
    await writeFile(join(folder(), 'src', 'a.ts'), 'x')
    await writeFile(join(folder(), 'half.md'), '')
    await writeFile(join(cwd, 'half.md'), 'x')
    await writeFile(join(cwd, 'b.md'), 'x')
    const rows = await check({ files: ['src/a.ts', 'b.md', 'half.md'] }, { cwd })
    expect(rows.map(({ passed }) => passed)).toEqual([true, true, true])
    expect(rows[0]).toEqual({ rule: 'files', expected: 'a file "src/a.ts" that is not empty', found: 'it is there', passed: true })
  })

  it('do not pass when they are missing, empty or folders', async () => {
    await writeFile(join(folder(), 'empty.md'), '')
    await mkdir(join(folder(), 'folder'))
    const rows = await check({ files: ['missing.md', 'empty.md', 'folder'] }, { cwd })
    expect(rows.map(({ found, passed }) => [found, passed])).toEqual([
      ['there is no such file below $TUTTI_OUTPUT_DIR', false],
      ['it is there, but it is empty', false],
      ['a folder of that name', false],
    ])
  })

  it('may be one', async () => {
    expect(await check({ files: 'a.md' })).toMatchObject([{ expected: 'a file "a.md" that is not empty', passed: false }])
  })

  it.each(['../x', 'a/../../x', '/etc/passwd', 'C:\\x', ''])('are never looked for outside: %j', async (path) => {
    expect(vocabulary['files']?.safeParse([path]).success).toBe(false)
    expect(await check({ files: [path] })).toMatchObject([{ rule: 'files', passed: false }])
  })
})

describe('files that an answer tried to write elsewhere', () => {
  it('are rows that did not pass', async () => {
    expect(await check({}, { refused: [{ path: '../x', reason: 'it leaves the folder by ".."' }] })).toEqual([
      {
        rule: 'files',
        expected: "files inside the task's folder",
        found: '"../x" refused: it leaves the folder by ".."',
        passed: false,
      },
    ])
  })
})
