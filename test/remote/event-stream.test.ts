import { get } from 'node:http'
import { createConnection } from 'node:net'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { eventsOfRun } from '../../src/app/runs.ts'
import type { Run } from '../../src/app/run.ts'
import { aConductor, asked, BLOCKED, doorsTo, WAIT } from './world.ts'

const QUICK = { providers: { rehearsal: { type: 'rehearsal', latency_ms: 1 } }, execution: { max_concurrent: 8 } }
/** Tasks that only rehearse: many events in a short time. */
const plan = (name: string, count: number) => `tasks:\n${Array.from({ length: count }, (_, index) => `  - { id: ${name}${index}, prompt: "Say ${index}" }\n`).join('')}`

/** Bytes. A line that is always cut before it has brought one whole event gets nowhere. */
const LONGER_THAN_AN_EVENT = 20_000

type Seen = { ids: string[]; last: string | undefined }

/** Reads whole messages until so many bytes have come, and drops the line there, wherever that is; `enough` ends it before. */
function readAndCut(at: string, seen: Seen, bytes: number, enough: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string> = seen.last === undefined ? {} : { 'last-event-id': seen.last }
    const asking = get({ socketPath: at, path: '/v1/events/stream', headers, agent: false }, (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`status ${answer.statusCode}`))
      let text = ''
      let got = 0
      answer.setEncoding('utf8')
      answer.on('data', (piece: string) => {
        got += piece.length
        const whole = (text + piece.slice(0, Math.max(0, bytes - (got - piece.length)))).split('\n\n')
        text = whole.pop() ?? ''
        for (const message of whole) {
          const id = /^id: (.*)$/m.exec(message)?.[1]
          if (id === undefined) continue
          seen.ids.push(id)
          seen.last = id
        }
        if (got >= bytes || enough()) asking.destroy()
      })
      answer.on('error', () => {})
      answer.on('close', resolve)
    })
    asking.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? resolve() : reject(error)))
  })
}

const idsOf = async (...runs: Run[]) => (await Promise.all(runs.map(async ({ id, folder }) => (await eventsOfRun(folder)).map(({ seq }) => `${id}:${seq}`)))).flat()

describe('the stream of events', () => {
  it('is whole for a client whose line is cut a thousand times, across two runs', async () => {
    const conductor = await aConductor(QUICK)
    const at = (await doorsTo(conductor)).addresses.socket ?? ''
    const first = await conductor.begin(plan('a', 40))
    // Who has seen nothing yet would begin with the run that is open then.
    const seen: Seen = { ids: [], last: `${first.id}:0` }
    let end = ''
    const following = first.finished.then(async () => {
      const second = await conductor.begin(plan('b', 40))
      second.handle.subscribe(({ type, seq }) => type === 'run.closed' && (end = `${second.id}:${seq}`))
      await second.finished
      return second
    })
    const cuts = fc.sample(fc.oneof({ weight: 15, arbitrary: fc.integer({ min: 0, max: 900 }) }, { weight: 1, arbitrary: fc.integer({ min: 3000, max: 6000 }) }), { numRuns: 1000, seed: 5 })
    const enough = () => seen.last === end
    // Of what is over nothing more comes: such a line is cut as soon as it stands.
    for (const bytes of cuts) await readAndCut(at, seen, end === '' || !enough() ? bytes : 0, enough)
    const second = await following
    while (!enough()) await readAndCut(at, seen, 1e6, enough)
    expect(seen.ids).toEqual(await idsOf(first, second))
  }, 60_000)

  it('is whole for a hundred clients at once, each cut wherever it happens, while two runs go on', async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 6, maxLength: 6 }).map((lengths) => [...lengths, LONGER_THAN_AN_EVENT])
    await fc.assert(
      fc.asyncProperty(cuts, async (lengths) => {
        const conductor = await aConductor(QUICK)
        const at = (await doorsTo(conductor)).addresses.socket ?? ''
        const first = await conductor.begin(plan('a', 12))
        let end = ''
        const clients = Array.from({ length: 100 }, async (_, client) => {
          const seen: Seen = { ids: [], last: `${first.id}:0` }
          const enough = () => seen.last === end
          for (let turn = client; !enough(); turn++) await readAndCut(at, seen, lengths[turn % lengths.length] ?? 1000, enough)
          return seen.ids
        })
        await first.finished
        const second = await conductor.begin(`${plan('b', 12)}  - { id: last, command: ${BLOCKED} }\n`)
        await vi.waitFor(() => expect(second.handle.state.left).toBe(1), WAIT)
        await writeFile(join(conductor.workspace.dir, 'go'), '')
        // Known before the clients get there: they stop at it.
        second.handle.subscribe(({ type, seq }) => type === 'run.closed' && (end = `${second.id}:${seq}`))
        await second.finished
        const wanted = await idsOf(first, second)
        for (const ids of await Promise.all(clients)) expect(ids).toEqual(wanted)
      }),
      { numRuns: 2 },
    )
  }, 60_000)

  it('begins where it is asked to', async () => {
    const conductor = await aConductor(QUICK)
    const at = (await doorsTo(conductor)).addresses.socket ?? ''
    const run = await conductor.begin(plan('a', 2))
    const { seq } = await run.finished
    const seen: Seen = { ids: [], last: undefined }
    await readAndCut(at, { ...seen, ids: seen.ids, last: `${run.id}:${seq - 2}` }, 1e9, () => seen.ids.length === 2)
    expect(seen.ids).toEqual([`${run.id}:${seq - 1}`, `${run.id}:${seq}`])
    for (const id of [`${run.id}:${seq + 1}`, '20200101-000000-0000:1']) {
      expect(await asked(at, '/v1/events/stream', { headers: { 'last-event-id': id } })).toMatchObject({ status: 404, json: { error: { code: 'no_event' } } })
    }
    expect(await asked(at, '/v1/events/stream', { headers: { 'last-event-id': '../../etc:1' } })).toMatchObject({ status: 400 })
  })

  it('keeps nothing for clients that do not read, and gives them all of it once they do', async () => {
    const conductor = await aConductor(QUICK)
    const at = (await doorsTo(conductor)).addresses.socket ?? ''
    const stuck = Array.from({ length: 120 }, () => {
      const connection = createConnection({ path: at })
      connection.on('error', () => {})
      connection.pause()
      connection.write('GET /v1/events/stream HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
      return connection
    })
    const long = 'x'.repeat(100_000)
    const before = process.memoryUsage()
    const run = await conductor.begin(JSON.stringify({ tasks: Array.from({ length: 40 }, (_, index) => ({ id: `t${index}`, prompt: long })) }))
    const { seq } = await run.finished
    const after = process.memoryUsage()
    // Each of them would be kept 4 MB: 480 in all. What is measured holds some rubbish too.
    expect(after.external + after.arrayBuffers + after.heapUsed - before.external - before.arrayBuffers - before.heapUsed).toBeLessThan(240e6)
    const [one, ...others] = stuck
    for (const other of others) other.destroy()
    let text = ''
    one?.on('data', (piece) => (text += piece.toString()))
    one?.resume()
    await vi.waitFor(() => expect(text.slice(-20_000)).toContain(`id: ${run.id}:${seq}\n`), WAIT)
    one?.destroy()
    expect(text.match(/^id: /gm)).toHaveLength(seq)
  }, 60_000)
})

describe('the stream of a log', () => {
  it('follows what a task says to its end, from any byte on, attempt after attempt', async () => {
    const conductor = await aConductor()
    const at = (await doorsTo(conductor)).addresses.socket ?? ''
    const run = await conductor.begin(`tasks:\n  - { id: talk, retries: 0, command: "seq 200; until test -e go; do sleep 0.02; done; printf 'zwei: €'" }\n`)
    const page = await vi.waitFor(async () => {
      const { json } = await asked(at, '/v1/tasks/talk/log')
      expect(json.text).toContain('1\n2\n3\n')
      return json
    }, WAIT)
    const whole = asked(at, '/v1/tasks/talk/log/stream')
    const later = asked(at, '/v1/tasks/talk/log/stream', { headers: { 'last-event-id': `${run.id}:1:${page.next}` } })
    await writeFile(join(conductor.workspace.dir, 'go'), '')
    const said = ({ text }: { text: string }) => [...text.matchAll(/^data: (.*"text".*)$/gm)].map(([, data = '']) => JSON.parse(data).text).join('')
    expect(said(await whole)).toMatch(/^1\n2\n[^]*\n200\nzwei: €$/)
    expect(page.text + said(await later)).toBe(said(await whole))
    expect((await whole).text).toContain('event: end\ndata: {"status":"complete"}\n\n')
    expect(await asked(at, '/v1/tasks/nobody/log/stream')).toMatchObject({ status: 404 })
  })
})
