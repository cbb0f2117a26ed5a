import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import type { Fault } from './fault.ts'
import { doorsHold } from './input/doors.ts'
import { readersOf } from './input/readers.ts'
import { startWatching } from './input/watched.ts'
import { answersStayWithin, workspacesOpen } from './input/within.ts'

/** Cases of each reader, of workspaces and answers on disk, and of the doors. */
const CASES = { short: { reader: 800, disk: 150, door: 120 }, long: { reader: 25_000, disk: 4_000, door: 4_000 } }

export const input: Fault = {
  name: 'input',
  about: 'what comes from outside is nearly right, wrong or hostile: task files, configuration, answers, rules, wishes, and requests to a conductor',
  run: async ({ seed, long, dir, say }) => {
    const cases = long ? CASES.long : CASES.short
    const examples = await examplesOf('tasks/examples')
    const config = await readFile('config.example.json', 'utf8')
    const watched = startWatching()
    const own = async (name: string) => {
      await mkdir(join(dir, name))
      return join(dir, name)
    }
    try {
      for (const { name, texts, read } of readersOf(examples)) {
        await named(name, () =>
          fc.assert(
            fc.property(texts, (bytes) => {
              const done = watched.begin(`${name}: ${JSON.stringify(bytes.toString('latin1'))}`)
              read(bytes)
              done()
            }),
            { seed, numRuns: cases.reader },
          ),
        )
        say(`${name}: ${cases.reader} cases`)
      }
      await named('workspaces', async () => workspacesOpen(await own('opened'), seed, cases.disk, config, examples, watched))
      say(`workspaces: ${cases.disk} cases`)
    } finally {
      await watched.end()
    }
    const written = await named('answers on disk', async () => answersStayWithin(await own('answers'), seed, cases.disk))
    say(`answers on disk: ${written} cases`)
    const asked = await named('doors', async () => doorsHold(await own('doors'), seed, cases.door))
    say(`doors: ${asked} cases`)
    return { seen: `${watched.count() + written + asked} cases: no crash, nothing written elsewhere; the slowest of what reads texts took ${watched.slowest().toFixed(0)} ms` }
  },
}

async function named<Result>(name: string, work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    // What did not hold is the cause of what fast-check says.
    const { message, cause } = error instanceof Error ? error : new Error(String(error))
    throw new Error(`${name}: ${message}${cause instanceof Error ? `\n${cause.stack ?? cause.message}` : ''}`, { cause: error })
  }
}

/** The task files that are shipped. */
async function examplesOf(dir: string): Promise<string[]> {
  const names = (await readdir(dir, { recursive: true })).filter((name) => /\.(md|ya?ml|json)$/.test(name))
  return Promise.all(names.toSorted().map((name) => readFile(join(dir, name), 'utf8')))
}
