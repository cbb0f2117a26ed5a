import { appendFile, mkdir, truncate, writeFile } from 'node:fs/promises'
import { describe, expect, it, vi } from 'vitest'
import { followedRun } from '../../../src/app/shown-runs/followed.ts'
import { recordedRun } from '../../../src/app/shown-runs/recorded.ts'
import { replayedRun } from '../../../src/app/shown-runs/replayed.ts'
import type { Event } from '../../../src/core/events.ts'
import { reduce } from '../../../src/core/reduce.ts'
import { emptyState } from '../../../src/core/state.ts'
import { runFolder, type RunFolder } from '../../../src/store/run-folder.ts'
import { tempDir } from '../../temp-dir.ts'
import { logAt } from './recording.ts'

const foldOf = (events: readonly Event[]) => events.reduce(reduce, emptyState())
const linesOf = (events: readonly Event[]) => events.map((event) => `${JSON.stringify(event)}\n`).join('')

/** A run on disk, with what it has recorded so far. */
async function runOnDisk(events: readonly Event[], torn = ''): Promise<RunFolder> {
  const folder = runFolder(await tempDir(), '20261120-120000-0000')
  await mkdir(folder.path)
  await writeFile(folder.events, linesOf(events) + torn)
  return folder
}

const WAIT = { timeout: 5000, interval: 10 }

const fail = (problem: string) => expect.unreachable(problem)

describe('a run that nobody conducts', () => {
  it('is shown as its log left it, at the moment of its last event', async () => {
    const events = logAt(0, 1000, 2000)
    const run = await recordedRun(await runOnDisk(events, '{"v":1,"seq":99,"at'))
    expect(run.state).toEqual(foldOf(events))
    expect(run.now()).toBe(Date.parse('2026-11-20T12:00:02.000Z'))
    expect(run.send).toBeUndefined()
  })

  it('is replayed from its first step to its last whole one', async () => {
    const events = logAt(0, 1000, 2000)
    const run = await replayedRun(await runOnDisk(events, '{"v":1,"seq":99,"at'))
    expect(run.player.playback).toMatchObject({ step: 1, steps: 3, speed: 10 })
    run.player.end()
    expect(run.state).toEqual(foldOf(events))
  })

  it('is not replayed where nothing is known of it', async () => {
    await expect(replayedRun(await runOnDisk([]))).rejects.toThrow('holds nothing that happened')
  })
})

describe('a run that another process conducts', () => {
  it('is followed while someone looks, event by event', async () => {
    const events = logAt(0, 1000, 2000, 3000, 4000)
    const folder = await runOnDisk(events.slice(0, -3))
    const run = await followedRun(folder, fail)
    const heard: number[] = []
    const leave = run.subscribe((event) => heard.push(event.seq))
    expect(run.state).toEqual(foldOf(events.slice(0, -3)))
    await appendFile(folder.events, linesOf(events.slice(-3, -1)))
    await vi.waitFor(() => expect(heard).toEqual(events.slice(-3, -1).map(({ seq }) => seq)), WAIT)
    leave()
    await appendFile(folder.events, linesOf(events.slice(-1)))
    const again = run.subscribe((event) => heard.push(event.seq))
    await vi.waitFor(() => expect(run.state).toEqual(foldOf(events)), WAIT)
    expect(heard).toEqual(events.slice(-3).map(({ seq }) => seq))
    again()
  })

  it('takes a step only when it is whole, also where a torn one is cut off and another takes its place', async () => {
    const [one, two, three] = [logAt(0, 1000), logAt(0, 1000, 2000), logAt(0, 1000, 2500, 3000)]
    const before = linesOf(one)
    const torn = two.slice(one.length).map((event) => ({ ...event, more: true as const }))
    const folder = await runOnDisk(one)
    const run = await followedRun(folder, fail)
    const leave = run.subscribe(() => {})
    await appendFile(folder.events, linesOf(torn) + linesOf(torn).slice(0, 30))
    // A second reader of the same file shows what can be seen of it by now.
    expect((await followedRun(folder, fail)).state).toEqual(foldOf(one))
    await truncate(folder.events, Buffer.byteLength(before))
    await appendFile(folder.events, linesOf(three.slice(one.length)))
    await vi.waitFor(() => expect(run.state).toEqual(foldOf(three)), WAIT)
    leave()
  })

  it('says when its log cannot be understood, and stays as it was', async () => {
    const events = logAt(0, 1000)
    const folder = await runOnDisk(events)
    const problems: string[] = []
    const run = await followedRun(folder, (problem) => problems.push(problem))
    const leave = run.subscribe(() => {})
    await appendFile(folder.events, '{"nothing": "known"}\n{"nothing": "known"}\n')
    await vi.waitFor(() => expect(problems).toHaveLength(1), WAIT)
    expect(problems[0]).toContain('is no event this version knows')
    expect(run.state).toEqual(foldOf(events))
    leave()
  })
})
