import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { atMost, figure } from '../figure.ts'
import { leftRun } from '../left-run.ts'
import type { Row } from '../row.ts'
import { inTurns } from '../turns.ts'

const TASKS = 10_000

export const starting: Row = {
  name: 'starting',
  about: 'commands that only look, from their start to their end; `status` on a run of 10,000 tasks that is over, and on one that was killed when nine of ten were complete',
  baseline: '`node -e 0`',
  run: async (bench) => {
    const over = (await leftRun(await bench.folder(), TASKS, 1)).dir
    const left = (await leftRun(await bench.folder(), TASKS, 0.9)).dir
    const told = await inTurns(bench.rounds(15), {
      version: () => milliseconds(over, 'dist/main.js', '--version'),
      help: () => milliseconds(over, 'dist/main.js', '--help'),
      over: () => milliseconds(over, 'dist/main.js', 'status'),
      left: () => milliseconds(left, 'dist/main.js', 'status'),
      node: () => milliseconds(over, undefined, '-e', '0'),
    })
    const beside = (what: string, ours: number[], most: number) => figure({ what, unit: 'ms', ours, against: { name: 'node -e 0', theirs: told.node }, targets: [atMost('ratio', most)] })
    return [
      beside('tutti --version', told.version, 1.4),
      beside('tutti --help', told.help, 2),
      beside('tutti status, 10,000 tasks, over', told.over, 3),
      beside('tutti status, 10,000 tasks, killed at 90 %', told.left, 3),
    ]
  },
}

async function milliseconds(cwd: string, program: string | undefined, ...args: string[]): Promise<number> {
  const begun = performance.now()
  const child = spawn(process.execPath, [...(program === undefined ? [] : [resolve(program)]), ...args], { cwd, stdio: 'ignore', env: { PATH: process.env['PATH'] } })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`)
  return performance.now() - begun
}
