import { mkdir, rename, writeFile } from 'node:fs/promises'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { arrivals, type Taker } from '../../../src/app/dropped/arrivals.ts'
import { workspaceWith } from '../workspace.ts'

const FILE = 'tasks/a.md'
const TEXT = '---\nprovider: rehearsal\nstatus: running\n---\nSay something.\n'

/** A file that was dropped and taken into a run, and what is handed in from now on. */
async function dropped(holds: (dir: string) => boolean = () => false) {
  const workspace = await workspaceWith()
  const path = join(workspace.dir, FILE)
  await mkdir(workspace.tasks, { recursive: true })
  await mkdir(join(workspace.tasks, 'completed'))
  await writeFile(path, TEXT)
  const taken: string[] = []
  let inRun = false
  const taker: Taker = {
    take: ({ plan }) => {
      taken.push(...plan.files.map(({ file }) => file))
      return Promise.resolve(undefined)
    },
    holds: () => inRun && holds(workspace.dir),
    problems: () => {},
  }
  const files = arrivals(workspace, taker)
  await files.read(FILE)
  await files.handIn()
  expect(taken.splice(0)).toEqual([FILE])
  inRun = true
  return { workspace, path, taken, files }
}

it('leaves a file alone that its run is not through with', async () => {
  const { files, taken } = await dropped(() => true)
  await files.read(FILE)
  await files.handIn()
  expect(taken).toEqual([])
})

it('takes no file once more that is filed away while it is being read', async () => {
  const { files, taken } = await dropped((dir) => {
    renameSync(join(dir, FILE), join(dir, 'tasks/completed/a.md'))
    return false
  })
  await files.read(FILE)
  await files.handIn()
  expect(taken).toEqual([])
})

it('takes a file that is dropped again after it was filed away', async () => {
  const { workspace, path, files, taken } = await dropped()
  await rename(path, join(workspace.tasks, 'completed/a.md'))
  files.gone(FILE)
  await writeFile(path, TEXT)
  await files.read(FILE)
  await files.handIn()
  expect(taken).toEqual([FILE])
})
