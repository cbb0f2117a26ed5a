import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openWorkspace } from '../src/app/workspace.ts'
import { admit } from '../src/core/admit.ts'
import { decide, issued } from '../src/core/decide.ts'
import { stamped, type EventBody } from '../src/core/events.ts'
import type { Input } from '../src/core/intents.ts'
import { reduce } from '../src/core/reduce.ts'
import { emptyState } from '../src/core/state.ts'
import { manifestText } from '../src/core/views/manifest.ts'
import { createRunFolder } from '../src/store/run-folder.ts'
import { ANSWER, AT_ONCE, planOf } from './plans.ts'

const answerOf = (task: string) => `outputs/${task}/output.md`

/** A run on disk that was left. `ready`: how many of its tasks can be started. */
export type LeftRun = { dir: string; id: string; events: string; ready: number }

/**
 * Makes a workspace with a run that was killed when a share of its tasks was complete, up to 64 more under way: its log, its manifest,
 * and the answers that others are handed. With a share of 1 the run is over.
 */
export async function leftRun(dir: string, tasks: number, share: number): Promise<LeftRun> {
  await writeFile(join(dir, 'config.json'), JSON.stringify({ execution: { max_concurrent: AT_ONCE } }))
  const workspace = await openWorkspace(dir, {}, {})
  if ('problems' in workspace) throw new Error(JSON.stringify(workspace.problems))
  const folder = await createRunFolder(workspace.runs, '20261120-120000-0000')
  const state = emptyState()
  const lines: string[] = []
  let now = Date.parse('2026-11-20T12:00:00.000Z')
  const record = (bodies: readonly EventBody[]) => {
    for (const event of stamped(bodies, state.seq, new Date(now++).toISOString())) {
      reduce(state, event)
      lines.push(`${JSON.stringify(event)}\n`)
    }
  }
  const take = (input: Input) => record(admit(state, input, new Date(now).toISOString()).events)

  take({ type: 'opened', run: folder.id, project: 'bench', version: '0', settings: workspace.settings, elsewhere: { run: 0, project: 0, day: 0, month: 0 } })
  take({ type: 'add', plan: { ...planOf('layers', tasks), prices: [{ provider: 'rehearsal', price: { kind: 'free' } }] } })
  const underWay: { task: string; attempt: number }[] = []
  while (state.counts.complete < tasks * share || (share === 1 && state.phase.phase === 'open')) {
    for (let command = decide(state); command !== undefined; command = decide(state)) {
      record(issued(state, command))
      if (command.type === 'start-attempt') underWay.push({ task: command.spec.id, attempt: command.attempt })
    }
    const next = underWay.shift()
    if (next === undefined) continue
    const output = { path: answerOf(next.task), sha256: 'a'.repeat(64), size: ANSWER.length, media_type: 'text/markdown', written: 'new' as const }
    take({ type: 'attempt-ended', ...next, outcome: { result: 'answered', output, finish: 'stop', usage: { input: 40, output: 200 }, duration_ms: 1 } })
  }
  await writeFile(folder.events, lines.join(''))
  await writeFile(folder.manifest, manifestText(state))
  const isComplete = (id: string) => state.tasks.get(id)?.state.status === 'complete'
  const left = [...state.tasks.values()].filter(({ spec }) => !isComplete(spec.id))
  // Whoever goes on reads no other answers.
  for (const task of new Set(left.flatMap(({ spec }) => spec.depends_on.filter(isComplete)))) {
    await mkdir(join(folder.outputs, task))
    await writeFile(join(folder.path, answerOf(task)), ANSWER)
  }
  return { dir, id: folder.id, events: folder.events, ready: left.filter(({ spec }) => spec.depends_on.every(isComplete)).length }
}
