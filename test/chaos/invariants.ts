import { deepStrictEqual, ok } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SHARED_LIMITS, type SharedLimit } from '../../src/core/budget.ts'
import { monthOf } from '../../src/core/calendar.ts'
import type { Event } from '../../src/core/events.ts'
import { microUsd } from '../../src/core/price.ts'
import { reduce } from '../../src/core/reduce.ts'
import { emptyState, type RunState } from '../../src/core/state.ts'
import { attemptsAnew, hasEnded } from '../../src/core/task-state.ts'
import { ledgerLines } from '../../src/core/views/ledger-line.ts'
import { manifestOf } from '../../src/core/views/manifest.ts'
import type { Left, LeftRun } from './left.ts'
import type { MixedPlan } from './mixed-plan.ts'

/*
 * What holds whatever happens, one function each, held against what lies on disk. Each throws where it does not, and
 * says what it has found.
 */

/** What has ended ends again, or is started again, only after it was reopened. */
export function everyTaskEndsOnce({ events }: LeftRun): void {
  const ended = new Map<string, number>()
  for (const event of events) {
    if (event.type === 'task.reopened') ended.delete(event.task)
    if (event.type !== 'task.ended' && event.type !== 'attempt.started') continue
    const before = ended.get(event.task)
    ok(before === undefined, `"${event.task}" ended by event ${before}, and event ${event.seq} is ${event.type}, with no task.reopened between them`)
    if (event.type === 'task.ended') ended.set(event.task, event.seq)
  }
}

/** Of a run that is over. */
export function everyTaskHasEnded({ state }: LeftRun): void {
  const open = [...state.tasks.values()].flatMap(({ spec, state: now }) => (hasEnded(now.status) ? [] : [`${spec.id} is ${now.status}`]))
  deepStrictEqual(open, [], 'tasks of a run that is over have not ended')
  ok(state.phase.phase === 'closed', `the run is ${state.phase.phase}, and not closed`)
}

/** However often its conductor was killed. */
export function tasksEndedAsPlanned({ state }: LeftRun, { tasks }: MixedPlan): void {
  const ends = tasks.map(({ id, ends }) => `${id} ${ends}`)
  const found = tasks.map(({ id }) => `${id} ${state.tasks.get(id)?.state.status}`)
  deepStrictEqual(found, ends, 'tasks have not ended as they would have without a crash')
}

/** What was started before counts anew only where nobody has recorded its end. @param before what ran, by task, when it was known to be complete @param now what has run by now */
export function nothingCompletedRunsAgain(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): void {
  for (const [task, times] of before) ok((now.get(task) ?? 0) === times, `"${task}" was complete after it had run ${times} times, and has run ${now.get(task)} times by now`)
}

/** Nothing runs of which the log does not know: it is on disk before. @param ran what has run, by task */
export function nothingRunsUnrecorded({ state }: LeftRun, ran: ReadonlyMap<string, number>): void {
  for (const [task, times] of ran) {
    const attempts = state.tasks.get(task)?.attempts.length ?? 0
    ok(times <= attempts, `"${task}" has run ${times} times, and the log knows of ${attempts} attempts`)
  }
}

/** Line by line, and in the sum: each attempt that money was set aside for is settled once. */
export function ledgerEqualsManifests({ runs, ledger }: Left): void {
  for (const { folder, state } of runs) {
    const lines = ledger.filter((line) => line.run === folder.id && line.type === 'settled')
    const order = (all: readonly { task: string; attempt: number }[]) => [...all].sort((a, b) => (a.task === b.task ? a.attempt - b.attempt : a.task < b.task ? -1 : 1))
    deepStrictEqual(order(lines), order(ledgerLines(state)), `the ledger does not say of run ${folder.id} what its log says`)
    const sum = lines.reduce((total, { micro_usd }) => total + micro_usd, 0)
    const { cost_micro_usd } = manifestOf(state)
    ok(sum === cost_micro_usd, `the ledger's lines of run ${folder.id} come to ${sum}, its manifest to ${cost_micro_usd}`)
  }
}

/** After each event, counted anew from the attempts, and not by what the state says of itself. */
export function noLimitIsPassed({ events }: LeftRun): void {
  const state = emptyState()
  for (const event of events) {
    reduce(state, event)
    if (event.type === 'attempt.started' || event.type === 'attempt.finished') withinLimits(state, event)
  }
}

function withinLimits(state: RunState, event: Event & { task: string }): void {
  const limits = state.settings?.budget
  if (limits === undefined) throw new Error('bug: an attempt of a run that was never opened')
  const tasks = [...state.tasks.values()]
  const today = state.budget.today?.day ?? ''
  const counts: Record<SharedLimit, (day: string) => boolean> = { run: () => true, project: () => true, day: (day) => day === today, month: (day) => monthOf(day) === monthOf(today) }
  const sum = (attempts: readonly RunAttempt[], isCounted: (day: string) => boolean) =>
    attempts.reduce((total, { reserved, settled }) => total + (reserved !== undefined && isCounted(reserved.day) ? (settled ?? reserved).micro_usd : 0), 0)
  for (const limit of SHARED_LIMITS) {
    const max = limits[limit]
    const amount = max === null ? 0 : state.budget.elsewhere[limit] + sum(tasks.flatMap(({ attempts }) => attempts), counts[limit])
    ok(max === null || amount <= max, `event ${event.seq}: ${amount} micro-dollars are spent and reserved against the limit of ${max} (${limit})`)
  }
  const task = state.tasks.get(event.task)
  const max = task?.spec.max_cost_usd === undefined ? limits.task : microUsd(task.spec.max_cost_usd)
  const amount = task === undefined ? 0 : sum(attemptsAnew(task), () => true)
  ok(max === null || amount <= max, `event ${event.seq}: "${event.task}" has cost ${amount} micro-dollars, and may cost ${max}`)
}

type RunAttempt = RunState['tasks'] extends Map<string, { attempts: (infer Of)[] }> ? Of : never

/** What a server has charged is settled at least, of each task. @param charged micro-dollars, by task */
export function whatIsChargedIsSettled({ state }: LeftRun, charged: ReadonlyMap<string, number>): void {
  for (const [task, micro_usd] of charged) {
    const settled = (state.tasks.get(task)?.attempts ?? []).reduce((sum, attempt) => sum + (attempt.settled?.micro_usd ?? 0), 0)
    ok(micro_usd <= settled, `servers have charged ${micro_usd} micro-dollars for "${task}", and ${settled} were settled`)
  }
}

/** Of a run that nobody conducts, and that was not killed: its manifest is what its log comes to. */
export function manifestIsTheLog({ folder, state, manifest }: LeftRun): void {
  deepStrictEqual(manifest, JSON.parse(JSON.stringify(manifestOf(state))), `manifest.json of run ${folder.id} is not what its log comes to`)
}

/** Every file of JSON below `runs/` can be read. @param killed a last line may be torn, and nobody has mended it yet */
export async function noJsonIsTorn({ dir, runs }: Left, killed: boolean): Promise<void> {
  for (const entry of await readdir(join(dir, 'runs'), { recursive: true, withFileTypes: true }).catch(noneYet)) {
    const path = join(entry.parentPath, entry.name)
    // What a task has written is its own.
    if (!entry.isFile() || path.includes('/outputs/') || entry.name.startsWith('.')) continue
    if (entry.name.endsWith('.json')) ok(isJson(await readFile(path, 'utf8')), `${path} is not JSON`)
    // A log that was cut off before its plan was recorded is nobody's: it is never taken up, and so never mended.
    const isLost = entry.name === 'events.jsonl' && !runs.some(({ folder }) => folder.events === path)
    if (entry.name.endsWith('.jsonl')) everyLineIsWhole(path, await readFile(path, 'utf8'), killed || isLost)
  }
}

/** A conductor that is killed early enough has made no folder. */
function noneYet(error: NodeJS.ErrnoException): Dirent[] {
  if (error.code !== 'ENOENT') throw error
  return []
}

/** A line of the ledger that a crash has torn is closed by an empty one, and was never settled. */
function everyLineIsWhole(path: string, text: string, killed: boolean): void {
  const lines = text.split('\n')
  const last = lines.pop()
  ok(killed || last === '', `${path} does not end with a line end`)
  for (const [index, line] of lines.entries()) ok(line === '' || isJson(line) || lines[index + 1] === '' || (killed && index === lines.length - 1), `${path}:${index + 1} is not JSON`)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Every task file lies in one place, and where its tasks have ended, in the right one. */
export async function everyFileLiesOnce(dir: string, names: readonly string[]): Promise<void> {
  const places = await Promise.all(['tasks', 'tasks/pending', 'tasks/completed', 'tasks/failed'].map(async (folder) => (await readdir(join(dir, folder)).catch(() => [])).filter((name) => /\.(ya?ml|md|json)$/.test(name) && !name.startsWith('.')).map((name) => ({ folder, name }))))
  const found = places.flat()
  for (const name of names) {
    const folders = found.flatMap((place) => (place.name === name ? [place.folder] : []))
    ok(folders.length === 1, `${name} lies in ${folders.join(' and ') || 'no folder'}`)
  }
  deepStrictEqual(found.map(({ name }) => name).sort(), [...names].sort(), 'there are task files that nobody has written')
}

/** What complete tasks have produced is what the log says. */
export async function outputsAreAsRecorded({ folder, state }: LeftRun): Promise<void> {
  for (const { spec, state: now, attempts } of state.tasks.values()) {
    const outcome = attempts.at(-1)?.outcome
    if (now.status !== 'complete' || outcome?.result !== 'answered') continue
    for (const { path, sha256 } of [...(outcome.output === undefined ? [] : [outcome.output]), ...(outcome.files ?? [])]) {
      const bytes = await readFile(join(folder.path, path)).catch(() => undefined)
      const found = bytes === undefined ? 'not there' : createHash('sha256').update(bytes).digest('hex') === sha256 ? 'intact' : 'not what was recorded'
      ok(found === 'intact', `"${spec.id}" is complete, and ${path} is ${found}`)
    }
  }
}

/** How long what is being ended may take, in ms. */
const GONE_WITHIN = 10_000

/**
 * @param look pids of what a run has started and that is still there
 * @param within_ms how long they may take to end
 */
export async function noProcessIsLeft(look: () => Promise<number[]>, within_ms = GONE_WITHIN): Promise<void> {
  const begun = performance.now()
  let left = await look()
  while (left.length > 0 && performance.now() - begun < within_ms) {
    await sleep(50)
    left = await look()
  }
  deepStrictEqual(left, [], 'processes are left behind')
}
