import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { cp, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { atMost, figure, type Figure } from '../figure.ts'
import { leftRun, type LeftRun } from '../left-run.ts'
import type { Bench, Row } from '../row.ts'
import { inTurns } from '../turns.ts'

export const resume: Row = {
  name: 'resume',
  about: 'a run in layers that was killed when nine of ten tasks were complete: from the start of `tutti resume` until its first new attempt is in the log',
  baseline: 'a program that reads and parses the log, and finds out what is ready: from its start to its end',
  run: async (bench) => [await measure(bench, 10_000, 0.25), await measure(bench, 100_000, 1.2)],
}

async function measure(bench: Bench, tasks: number, most_s: number): Promise<Figure> {
  const left = await leftRun(await bench.folder(), tasks, 0.9)
  const told = await inTurns(bench.rounds(5), {
    ours: () => untilTakenUp(bench, left),
    floor: async () => {
      const begun = performance.now()
      await bench.program('resume-floor', { events: left.events, ready: left.ready })
      return (performance.now() - begun) / 1000
    },
  })
  return figure({ what: `${tasks.toLocaleString('en')} tasks, 90 % done`, unit: 's', ours: told.ours, against: { name: 'read the log', theirs: told.floor }, targets: [atMost('ours', most_s)] })
}

/** Seconds from the start of the program to its first write that is an attempt, in a copy of the workspace. */
async function untilTakenUp(bench: Bench, left: LeftRun): Promise<number> {
  const dir = await bench.folder()
  await cp(left.dir, dir, { recursive: true })
  const events = join(dir, 'runs', left.id, 'events.jsonl')
  const { size } = await stat(events)
  const watcher = watch(events)
  const begun = performance.now()
  const child = spawn(process.execPath, [resolve('dist/main.js'), 'resume', left.id, '--no-tui'], { cwd: dir, stdio: 'ignore', env: { PATH: process.env['PATH'] } })
  const ended = once(child, 'exit')
  try {
    for (;;) {
      const first = await Promise.race([once(watcher, 'change').then(() => 'changed' as const), ended])
      const seconds = (performance.now() - begun) / 1000
      if (first !== 'changed') throw new Error('tutti resume ended before it had started anything')
      // Resuming and the first attempts are one flush. Cutting off what was torn changes the file too.
      if ((await stat(events)).size > size) return seconds
    }
  } finally {
    watcher.close()
    child.kill('SIGKILL')
    await ended
  }
}
