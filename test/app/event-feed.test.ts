import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { createBell } from '../../src/app/bell.ts'
import { openEventFeed } from '../../src/app/event-feed.ts'
import { chainEvents, type EventPlace } from '../../src/app/event-chain.ts'
import { resumeRun, type Run } from '../../src/app/run.ts'
import { replayRun } from '../../src/app/runs.ts'
import { runFolder } from '../../src/store/run-folder.ts'
import { tempDir } from '../temp-dir.ts'
import { aConductor, WAIT, type TestConductor } from '../remote/world.ts'

const line = (seq: number, more?: true, pad = '') => `${JSON.stringify({ v: 1, seq, at: '2026-11-20T12:00:00.000Z', ...(more === undefined ? {} : { more }), type: 'retry.due', task: `t${pad}` })}\n`
const ALL = Number.POSITIVE_INFINITY

describe('the events of a run, from its log', () => {
  async function feed(content: string) {
    const runs = await tempDir()
    const folder = runFolder(runs, '20261120-140211-7f3a')
    await mkdir(folder.path)
    await writeFile(folder.events, content)
    const opened = openEventFeed(folder, createBell())
    await opened.look()
    const seqs = async (after: number, upTo = ALL, characters = ALL) => (await opened.after(after, upTo, characters)).map(({ seq }) => seq)
    return { opened, folder, seqs }
  }

  it('are told in whole steps: what is not the whole of one may never have happened', async () => {
    const { opened, folder, seqs } = await feed(line(1) + line(2, true) + line(3, true))
    expect(await seqs(0)).toEqual([1])
    await appendFile(folder.events, `${line(4)}${line(5).slice(0, -9)}`)
    await opened.look()
    expect(await seqs(0)).toEqual([1, 2, 3, 4])
    await appendFile(folder.events, line(5).slice(-9))
    await opened.look()
    expect(await seqs(3)).toEqual([4, 5])
  })

  it('are the same from memory and from the log, however long they are and wherever one begins', async () => {
    const lengths = Array.from({ length: 300 }, (_, index) => (index % 50 === 7 ? 400_000 : (index * 37) % 9_000))
    const { opened, seqs } = await feed(lengths.map((length, index) => line(index + 1, undefined, 'é'.repeat(length))).join(''))
    const all = lengths.map((_, index) => index + 1)
    for (const from of [0, 1, 7, 8, 100, 250, 299]) expect(await seqs(from)).toEqual(all.slice(from))
    expect(await seqs(100, 105)).toEqual([101, 102, 103, 104, 105])
    let seen = 0
    for (let batch = await seqs(0, ALL, 20_000); batch.length > 0; batch = await seqs(seen, ALL, 20_000)) {
      expect(batch[0]).toBe(seen + 1)
      seen = batch.at(-1) ?? seen
    }
    expect(seen).toBe(300)
    opened.rest()
    await opened.look()
    expect(await seqs(290)).toEqual(all.slice(290))
  })
})

describe('the events of one run after the other', () => {
  const QUICK = 'tasks:\n  - { id: a, command: "true" }\n  - { id: b, command: "false" }\n'

  /** Reads until it has been quiet for a moment: until the place is reached. */
  async function read(conductor: TestConductor, from: EventPlace | undefined, until: EventPlace): Promise<string[]> {
    const chain = chainEvents(conductor)
    const ending = new AbortController()
    const seen: string[] = []
    for await (const { run, events } of chain.follow(from, 1000, ending.signal)) {
      for (const { seq } of events) seen.push(`${run}:${seq}`)
      if (seen.at(-1) === `${until.run}:${until.seq}`) ending.abort()
    }
    chain.close()
    return seen
  }

  const endOf = async (run: Run) => ({ run: run.id, seq: (await run.finished).seq })
  const from = (run: Run, first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => `${run.id}:${first + index}`)

  it('go on where a reader was in a run of a conductor before this one', async () => {
    const before = await aConductor()
    const first = await before.begin(QUICK)
    const end = await endOf(first)
    const second = await before.begin(QUICK)
    const secondEnd = await endOf(second)
    const after = await aConductor({}, before.workspace.dir)
    const third = await after.begin(QUICK)
    const thirdEnd = await endOf(third)
    expect(await read(after, { run: first.id, seq: 3 }, thirdEnd)).toEqual([...from(first, 4, end.seq), ...from(second, 1, secondEnd.seq), ...from(third, 1, thirdEnd.seq)])
    expect(await read(after, undefined, thirdEnd)).toEqual(from(third, 1, thirdEnd.seq))
  })

  it('tell a run that is opened anew from where it had been, to those who have been through it', async () => {
    const before = await aConductor()
    const first = await before.begin(QUICK)
    const end = await endOf(first)
    const second = await before.begin(QUICK)
    const secondEnd = await endOf(second)
    const reopened = await resumeRun(before.workspace, first.folder, await replayRun(first.folder), [], { begin: [{ type: 'retry', task: 'b', by: 'ada', descendants: false }] })
    const again = await endOf(reopened)
    expect(again.seq).toBeGreaterThan(end.seq)
    // Another conductor has opened it: this one knows of no other run.
    const after: TestConductor = { ...(await aConductor({}, before.workspace.dir)), run: reopened }
    expect(await read(after, { run: second.id, seq: 2 }, again)).toEqual([...from(second, 3, secondEnd.seq), ...from(first, end.seq + 1, again.seq)])
    expect(await read(after, { run: first.id, seq: end.seq }, again)).toEqual(from(first, end.seq + 1, again.seq))
    expect(await read(after, undefined, again)).toEqual(from(first, 1, again.seq))
  })

  it('that there cannot be are told apart', async () => {
    const conductor = await aConductor()
    const run = await conductor.begin(QUICK)
    const end = await endOf(run)
    const chain = chainEvents(conductor)
    expect(await chain.cannotGoOnFrom(end)).toBeUndefined()
    expect(await chain.cannotGoOnFrom({ ...end, seq: end.seq + 1 })).toContain('has no event')
    expect(await chain.cannotGoOnFrom({ run: '20200101-000000-0000', seq: 1 })).toContain('there is no run')
    await vi.waitFor(async () => expect(await chain.last()).toEqual(end), WAIT)
    expect(join(conductor.workspace.runs, run.id)).toBe(run.folder.path)
    chain.close()
  })
})
