import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { manifestOf } from '../../../src/core/views/manifest.ts'
import { conductor } from '../../core/conductor.ts'
import { plan, task } from '../../core/specs.ts'
import { tempDir } from '../../temp-dir.ts'
import { eventually } from '../eventually.ts'
import { shown, SIZES } from './shown.tsx'

const runs = { page: 'runs', at: 0 } as const
const idOf = (index: number) => `20261120-14${String(Math.floor(index / 60)).padStart(2, '0')}${String(index % 60).padStart(2, '0')}-${index.toString(16).padStart(4, '0')}`

/** A workspace with so many runs behind it. */
async function workspaceAfter(count: number): Promise<string> {
  const dir = await tempDir()
  const run = conductor()
  run.add(plan(task('a', { file: 'tasks/house.yaml' }), task('b', { file: 'tasks/house.yaml', depends_on: ['a'] })))
  const manifest = manifestOf(run.state)
  for (let index = 0; index < count; index++) {
    const folder = join(dir, 'runs', idOf(index))
    await mkdir(folder, { recursive: true })
    const told = { ...manifest, job_id: idOf(index), status: 'succeeded', duration_s: 72, cost_micro_usd: 610_000, counts: { complete: 10, failed: index } }
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(told))
  }
  return dir
}

describe('the runs page', () => {
  it.each(SIZES)('lists runs newest first, with when, how and what, at $width columns', async (size) => {
    const page = await shown({ page: runs, size, dir: await workspaceAfter(3) })
    await eventually(() => expect(page.lines().filter((line) => line.includes('succeeded'))).toHaveLength(3))
    const [, newest, , oldest] = page.lines()
    expect(newest?.split(/ {2,}/)).toEqual(['▌ 2026-11-20 14:00', '0002', '✔ succeeded', '✔ 10', '✖ 2', '1m12s', '$0.61', 'house.yaml'])
    expect(oldest).toMatch(/^ {2}2026-11-20 14:00 {2}0000 .*✔ 10 {2,}1m12s/)
    expect(page.title()).toBe('runs · 3, newest first · Esc back')
  })

  it('opens the chosen one, and goes back to the one that is shown', async () => {
    const page = await shown({ page: runs, dir: await workspaceAfter(3), run: idOf(2) })
    await eventually(() => expect(page.lines().join('\n')).toContain('succeeded'))
    page.give('open')
    expect([page.effects, page.ui().pages]).toEqual([[], []])
  })

  it('opens an earlier one to look at', async () => {
    const page = await shown({ page: runs, dir: await workspaceAfter(3), run: idOf(2) })
    await eventually(() => expect(page.lines().join('\n')).toContain('succeeded'))
    page.give('down', 'down')
    expect(page.copied()).toBe(idOf(0))
    page.give('open')
    expect(page.effects).toEqual([{ effect: 'open-run', run: idOf(0) }])
  })

  it('says how to leave an earlier run', async () => {
    const page = await shown({ page: runs, dir: await workspaceAfter(1), run: idOf(0), is: 'recorded' })
    await eventually(() => expect(page.lines()[0]).toContain('Esc on its main page, or :leave-run, leads back'))
  })

  it('says of a run that cannot be read what is wrong with it', async () => {
    const dir = await workspaceAfter(1)
    await mkdir(join(dir, 'runs', idOf(1)))
    await writeFile(join(dir, 'runs', idOf(1), 'events.jsonl'), '{"v":9}\n')
    const page = await shown({ page: runs, dir, size: SIZES[2] })
    await eventually(() => expect(page.lines()[1]).toMatch(/✖ damaged .*newer Tutti/))
  })

  it('finds its way among a thousand runs', async () => {
    const page = await shown({ page: runs, dir: await workspaceAfter(1_000) })
    await eventually(() => expect(page.lines().filter((line) => line.includes('✔ succeeded'))).toHaveLength(19))
    page.give('bottom')
    await eventually(() => expect(page.lines().filter((line) => line.includes('✔ succeeded'))).toHaveLength(19))
    expect(page.lines().at(-1)).toMatch(/^▌ 2026-11-20 14:00 {2}0000/)
  })

  it('says so where there are none', async () => {
    expect((await shown({ page: runs })).lines().join('\n')).toContain('There are no runs yet')
  })
})
