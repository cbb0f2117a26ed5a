import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WatchTold } from '../contracts.ts'
import { atMost, figure } from '../figure.ts'
import type { Bench, Row } from '../row.ts'
import { median } from '../spread.ts'
import { inTurns } from '../turns.ts'

const ARCHIVED = 10_000
const DROPS = 30

export const watching: Row = {
  name: 'watching',
  about: 'tasks/completed holds 10,000 files: until the watch is ready, the memory it takes, and from the write of a dropped file to the start of its attempt (the middle of 30 a round, one after the other)',
  baseline: "the operating system's own watch on each folder, and a look at the file that it names",
  run: async (bench) => {
    const dirs = { ours: await archive(bench), floor: await archive(bench) }
    const told = await inTurns(bench.rounds(3), {
      ours: () => bench.program('watch', { dir: dirs.ours, drops: DROPS }),
      floor: () => bench.program('fs-watch', { dir: dirs.floor, drops: DROPS }),
    })
    const beside = (of: (each: WatchTold) => number) => ({ ours: told.ours.map(of), against: { name: 'fs.watch', theirs: told.floor.map(of) } })
    return [
      figure({ what: 'ready, 10,000 files in the archive', unit: 'ms', ...beside(({ ready_ms }) => ready_ms), targets: [atMost('ours', 150)] }),
      figure({ what: 'memory that the watching takes', unit: 'MB', ...beside(({ grown_mb }) => grown_mb), targets: [atMost('ours', 15)] }),
      figure({ what: 'dropped file to attempt started, p50', unit: 'ms', ...beside(({ drop_ms }) => median(drop_ms)), targets: [atMost('ours', 15)] }),
    ]
  },
}

async function archive(bench: Bench): Promise<string> {
  const dir = await bench.folder()
  await writeFile(join(dir, 'config.json'), JSON.stringify({ providers: { fast: { type: 'rehearsal', latency_ms: 0 } } }))
  for (const name of ['pending', 'completed', 'failed']) await mkdir(join(dir, 'tasks', name), { recursive: true })
  for (let index = 0; index < ARCHIVED; index++) await writeFile(join(dir, 'tasks/completed', `done-${index}.md`), `---\nstatus: complete\n---\nSay hello for the time ${index}.\n`)
  return dir
}
