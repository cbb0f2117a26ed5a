import { existsSync } from 'node:fs'
import { appendFile, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/core/events.ts'
import { openEventLog } from '../../src/store/event-log.ts'
import { DamagedLog, readEvents } from '../../src/store/read-events.ts'
import { tempDir } from '../temp-dir.ts'

const event = (seq: number, more?: true): Event => ({
  v: 1,
  seq,
  at: '2026-11-20T12:00:00.000Z',
  ...(more === undefined ? {} : { more }),
  type: 'retry.due',
  task: `t${seq}`,
})

async function write(path: string, ...events: Event[]): Promise<void> {
  const log = await openEventLog(path)
  for (const each of events) log.append(each)
  await log.durable()
  await log.close()
}

async function read(path: string) {
  const events: Event[] = []
  const content = await readEvents(path, (each) => events.push(each))
  return { ...content, seqs: events.map(({ seq }) => seq) }
}

describe('the event log', () => {
  it('holds one event a line, in the order in which they were recorded', async () => {
    const path = join(await tempDir(), 'events.jsonl')
    await write(path, event(1), event(2))
    await write(path, event(3))
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual([event(1), event(2), event(3)])
  })

  it('shares one flush among everything that is waiting for it', async () => {
    const log = await openEventLog(join(await tempDir(), 'events.jsonl'))
    const flushed = Array.from({ length: 64 }, (_, index) => {
      log.append(event(index + 1))
      return log.durable()
    })
    await Promise.all(flushed)
    expect(log.flushes()).toBe(1)
    await log.close()
  })

  it('has an event on disk once durable() has resolved', async () => {
    const path = join(await tempDir(), 'events.jsonl')
    const log = await openEventLog(path)
    log.append(event(1))
    await log.durable()
    expect((await read(path)).seqs).toEqual([1])
    await log.close()
  })

  it.runIf(existsSync('/dev/full'))('tells everyone who waits when the disk refuses', async () => {
    const log = await openEventLog('/dev/full')
    log.append(event(1))
    const first = log.durable()
    await expect(first).rejects.toThrow('/dev/full: the disk is full (ENOSPC')
    await expect(log.durable()).rejects.toThrow('ENOSPC')
    await log.close()
  })
})

describe('a log that somebody takes away', () => {
  it('takes nothing more in, where nobody would read it, and names the file', async () => {
    const path = join(await tempDir(), 'events.jsonl')
    const log = await openEventLog(path)
    log.append(event(1))
    await log.durable()
    await rename(path, `${path}.away`)
    log.append(event(2))
    await expect(log.durable()).rejects.toThrow(`${path}: it is no longer there`)
    await log.close()
    expect((await read(`${path}.away`)).seqs).toEqual([1])
  })
})

describe('reading a log after a crash', () => {
  it('leaves out a last line that was cut off, and says how much that is', async () => {
    const path = join(await tempDir(), 'events.jsonl')
    await write(path, event(1), event(2))
    await appendFile(path, '{"v":1,"seq":3,"at":"20')
    const { whole, torn, seqs } = await read(path)
    expect(seqs).toEqual([1, 2])
    expect(torn).toBe(23)
    expect(whole + torn).toBe((await stat(path)).size)
  })

  it('leaves out a step of which some events are missing', async () => {
    const path = join(await tempDir(), 'events.jsonl')
    await write(path, event(1), event(2, true), event(3, true))
    expect((await read(path)).seqs).toEqual([1])
  })

  it('cuts off what was torn when the log is taken up again', async () => {
    const path = join(await tempDir(), 'events.jsonl')
    await write(path, event(1), event(2, true))
    await appendFile(path, '{"v":')
    const log = await openEventLog(path, (await read(path)).whole)
    log.append(event(2))
    await log.durable()
    await log.close()
    expect(await read(path)).toMatchObject({ seqs: [1, 2], torn: 0 })
  })

  it('refuses a log that is damaged in the middle, names the line, and leaves it as it is', async () => {
    const path = join(await tempDir(), 'events.jsonl')
    const text = `${JSON.stringify(event(1))}\n{"v":1,"se\n${JSON.stringify(event(3))}\n`
    await writeFile(path, text)
    await expect(read(path)).rejects.toThrow(`${path}:2 is not JSON`)
    await expect(read(path)).rejects.toBeInstanceOf(DamagedLog)
    expect(await readFile(path, 'utf8')).toBe(text)
  })

  it('refuses a log in which a line is missing, or stands twice', async () => {
    for (const seqs of [[1, 3], [1, 1, 2]]) {
      const path = join(await tempDir(), 'events.jsonl')
      await write(path, ...seqs.map((seq) => event(seq)))
      await expect(read(path)).rejects.toThrow(/events\.jsonl:2 has the number \d where 2 is expected/)
    }
  })

  it('refuses a log of a newer version, even in its last line', async () => {
    const path = join(await tempDir(), 'events.jsonl')
    await writeFile(path, `${JSON.stringify(event(1))}\n${JSON.stringify({ ...event(2), v: 2 })}\n`)
    await expect(read(path)).rejects.toThrow('written by a newer Tutti (event format 2')
    await writeFile(path, `${JSON.stringify(event(1))}\n${JSON.stringify({ ...event(2), type: 'task.dreamt' })}\n`)
    await expect(read(path)).rejects.toThrow('does not know ("task.dreamt"): it was written by a newer Tutti')
  })

  it('keeps characters whole that stand across the pieces in which a file is read', async () => {
    const path = join(await tempDir(), 'events.jsonl')
    const long: Event = { v: 1, seq: 1, at: event(1).at, type: 'run.stopping', reason: '€'.repeat(1_000_000) }
    await write(path, long, event(2))
    const events: Event[] = []
    await readEvents(path, (each) => events.push(each))
    expect(events[0]).toEqual(long)
  })
})
