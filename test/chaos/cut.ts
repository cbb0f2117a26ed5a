import { createHash } from 'node:crypto'
import { appendFile, cp, link, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { monthOf } from '../../src/core/calendar.ts'
import type { Event } from '../../src/core/events.ts'
import type { FileRecord } from '../../src/core/outcome.ts'
import type { RunState } from '../../src/core/state.ts'
import { answerOf, lastAttempt, type Task } from '../../src/core/task-state.ts'
import { manifestOf } from '../../src/core/views/manifest.ts'
import { attemptLogPath } from '../../src/store/attempt-log.ts'
import { openAccount } from '../../src/store/open-accounts.ts'
import { runFolder } from '../../src/store/run-folder.ts'
import type { Random } from '../random.ts'
import { fold, type Left, type LeftRun } from './left.ts'
import { markOf, type MixedPlan } from './mixed-plan.ts'

/** A run that was carried out to its end, and the plan that it was of. */
export type Recorded = { left: Left; run: LeftRun; lines: string[]; plan: MixedPlan }

/** An instant at which a conductor is killed: when so many events were on disk, and some bytes of the next. */
export type Instant = { events: number; torn: number }

/** What the log says as it is read at an instant: an unfinished step never happened. */
export function wholeSteps({ run }: Recorded, { events }: Instant): Event[] {
  const found = run.events.slice(0, events)
  const last = found.findLastIndex((event) => event.more !== true)
  return found.slice(0, last + 1)
}

/** The log as it lies there at an instant. */
export function cutLog({ lines }: Recorded, { events, torn }: Instant): string {
  return [...lines.slice(0, events), lines[events]?.slice(0, torn) ?? ''].join('')
}

/**
 * Lays a workspace out as a conductor that was killed at an instant would have left it. What no flush was waited for
 * may have come to the disk or not: chance decides.
 * @param dir a workspace that holds its configuration and its task files, where they were dropped
 */
export async function layOut(dir: string, recorded: Recorded, instant: Instant, random: Random): Promise<void> {
  const { run, plan } = recorded
  const events = wholeSteps(recorded, instant)
  const state = fold(events)
  const folder = runFolder(join(dir, 'runs'), run.folder.id)
  for (const path of [folder.path, folder.outputs, folder.logs]) await mkdir(path, { recursive: true })
  await cp(run.folder.inputs, folder.inputs, { recursive: true })
  await writeFile(folder.events, cutLog(recorded, instant))
  if (run.state.seq !== instant.events) await openAccount(join(dir, 'runs'), run.folder.id)
  await layManifest(folder.manifest, recorded, instant, random)
  await layLedger(dir, recorded, state, random)
  for (const task of state.tasks.values()) await layOutputs(folder.path, recorded, task, random)
  for (const { id } of plan.tasks) if (hasLeftItsMark(state.tasks.get(id), random)) await writeFile(join(dir, markOf(id)), '')
  await layTaskFiles(dir, recorded, events, state, random)
}

/** It is written now and then, so it may be older than the log. */
async function layManifest(path: string, recorded: Recorded, instant: Instant, random: Random): Promise<void> {
  const events = wholeSteps(recorded, { events: random.below(instant.events + 1), torn: 0 })
  if (events.length > 0) await writeFile(path, JSON.stringify(manifestOf(fold(events)), null, 2))
}

/** It is written behind the log, and its last line may be torn. */
async function layLedger(dir: string, { left, run }: Recorded, { tasks }: RunState, random: Random): Promise<void> {
  const settled = left.ledger.filter((line) => line.run === run.folder.id && tasks.get(line.task)?.attempts[line.attempt - 1]?.settled !== undefined)
  const whole = random.below(settled.length + 1)
  for (const [index, line] of settled.slice(0, whole + 1).entries()) {
    const text = `${JSON.stringify(line)}\n`
    await appendFile(join(dir, 'runs', 'ledger', `${monthOf(line.day)}.jsonl`), index < whole ? text : text.slice(0, random.of([0, random.below(text.length)])))
  }
}

/** What has been recorded lies there. What an attempt under way has written so far may be nothing, all, or half of it. */
async function layOutputs(path: string, { run }: Recorded, task: Task, random: Random): Promise<void> {
  const answer = answerOf(task)
  for (const file of [...(answer?.output === undefined ? [] : [answer.output]), ...(answer?.files ?? [])]) await put(join(path, file.path), await contentOf(run, task, file))
  const end = run.state.tasks.get(task.spec.id)
  const next = end === undefined ? undefined : answerOf(end)
  if (task.state.status !== 'running' || end === undefined || next === undefined) return
  for (const file of [...(next.output === undefined ? [] : [next.output]), ...(next.files ?? [])]) {
    const how = random.of(['not there', 'half', 'whole'])
    if (how !== 'not there') await put(join(path, file.path), await contentOf(run, end, file))
    if (how === 'half') await truncate(join(path, file.path), Math.floor(file.size / 2))
  }
}

async function put(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
}

/** The bytes of a file that an attempt has produced: as they lie there, or, where a later one has written over them, as its log tells its answer. */
async function contentOf({ folder }: LeftRun, { spec, attempts }: Task, { path, sha256 }: FileRecord): Promise<Uint8Array> {
  const answered = attempts.findLast(({ outcome }) => outcome?.result === 'answered')?.attempt ?? 0
  for (const place of [join(folder.path, path), attemptLogPath(folder, spec.id, answered)]) {
    const bytes = await readFile(place).catch(() => undefined)
    if (bytes !== undefined && createHash('sha256').update(bytes).digest('hex') === sha256) return bytes
  }
  throw new Error(`bug: nobody knows any more what ${path} of attempt ${answered} was`)
}

/** Whoever has ended has left it; whoever was at work, perhaps. */
function hasLeftItsMark(task: Task | undefined, random: Random): boolean {
  const last = task === undefined ? undefined : lastAttempt(task)
  return task !== undefined && last !== undefined && (task.attempts.length > 1 || last.outcome !== undefined || random.below(2) === 0)
}

/** Where the run says that they lie. Of one that was being filed away its status may be written, it may have both names, or only the new one. */
async function layTaskFiles(dir: string, { left, run }: Recorded, events: readonly Event[], { files }: RunState, random: Random): Promise<void> {
  for (const { file, path, step } of files.values()) {
    const filed = run.state.files.get(file)?.path ?? file
    const begun = events.findLast((event) => event.type === 'filing.started' && event.file === file)
    const isMoving = step === 'filing' && begun?.type === 'filing.started' && (begun.status === 'complete' || begun.status === 'failed')
    const how = path !== file ? 'moved' : isMoving ? random.of(['not begun', 'written', 'linked', 'moved']) : 'not begun'
    if (how === 'not begun') continue
    await mkdir(dirname(join(dir, filed)), { recursive: true })
    await cp(join(left.dir, filed), join(dir, file))
    if (how !== 'written') await link(join(dir, file), join(dir, filed))
    if (how === 'moved') await rm(join(dir, file))
  }
}
