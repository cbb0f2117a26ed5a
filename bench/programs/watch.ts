// Watches a workspace with the whole application, and drops files into it.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import '../../src/app/run.ts'
import { openWorkspace } from '../../src/app/workspace.ts'
import { given, tell } from '../process-cost.ts'

const { dir, drops } = given('watch')
const workspace = await openWorkspace(dir, {}, { PATH: process.env['PATH'] })
if ('problems' in workspace) throw new Error(JSON.stringify(workspace.problems))

// Each file opens a run of its own, as it does for somebody who drops one now and then.
let started: () => void = () => {}
let over: () => void = () => {}
const throwIt = (error: unknown) => {
  throw error
}

const before = process.memoryUsage.rss()
// What conducts is there already; what watches is loaded now, so that its code counts as well.
const { watchTasks } = await import('../../src/app/watch.ts')
const begun = performance.now()
const watch = await watchTasks(workspace, {
  listeners: [(event) => event.type === 'attempt.started' && started()],
  over: () => over(),
  problems: (problems, kind) => kind === 'error' && throwIt(new Error(JSON.stringify(problems))),
  failed: throwIt,
})
await watch.ready
const ready_ms = performance.now() - begun
const grown_mb = (process.memoryUsage.rss() - before) / 2 ** 20

const drop_ms: number[] = []
for (let drop = 0; drop < drops; drop++) {
  const isStarted = new Promise<void>((resolve) => (started = resolve))
  const isOver = new Promise<void>((resolve) => (over = resolve))
  const dropped = performance.now()
  await writeFile(join(dir, 'tasks', `dropped-${drop}.md`), `Say hello for the time ${drop}.\n`)
  await isStarted
  drop_ms.push(performance.now() - dropped)
  await isOver
}
await watch.stop('now', 'measured')
tell('watch', { ready_ms, grown_mb, drop_ms })
