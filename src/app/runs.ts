import { open } from 'node:fs/promises'
import { errorMessage } from '../core/error.ts'
import type { Event } from '../core/events.ts'
import { reduce } from '../core/reduce.ts'
import { emptyState, type RunState } from '../core/state.ts'
import { manifestOf, type Manifest } from '../core/views/manifest.ts'
import { readManifest, readManifestHead } from '../store/manifest-file.ts'
import { readEvents, type LogContent } from '../store/read-events.ts'
import { findRun, listRunIds, runFolder, type RunFolder } from '../store/run-folder.ts'

export type Replayed = LogContent & { state: RunState }

/** The run that a person means, or what to tell them. */
export async function pickRun(runs: string, reference: string): Promise<RunFolder | { problem: string }> {
  const found = await findRun(runs, reference)
  if (typeof found === 'string') return runFolder(runs, found)
  if (found.length > 0) return { problem: `"${reference}" could be ${found.join(' or ')}; give more of it` }
  const known = (await listRunIds(runs)).slice(-3)
  const hint = known.length === 0 ? 'there are no runs yet' : `the newest are ${known.toReversed().join(', ')}`
  return { problem: reference === 'last' ? 'there are no runs yet; start one with: tutti run <task file>' : `there is no run "${reference}"; ${hint}` }
}

/** A run's state, folded from its events. Throws `DamagedLog` when they cannot be understood. */
export async function replayRun({ events }: RunFolder): Promise<Replayed> {
  const state = emptyState()
  const content = await readEvents(events, (event) => reduce(state, event))
  return { ...content, state }
}

/** The state of the run with this id, or why it cannot be told. */
export async function stateOfRun(runs: string, id: string): Promise<RunState | { problem: string }> {
  return replayRun(runFolder(runs, id)).then(
    ({ state }) => state,
    (error: unknown) => ({ problem: errorMessage(error) }),
  )
}

/** A run's events, in order, as far as they are whole. */
export async function eventsOfRun({ events }: RunFolder): Promise<Event[]> {
  const all: Event[] = []
  await readEvents(events, (event) => all.push(event))
  return all
}

/** The manifest of a run: the file where it is up to date, else made from the events. */
export async function manifestOfRun(folder: RunFolder): Promise<Manifest> {
  const manifest = await readManifest(folder.manifest)
  if (manifest !== undefined && manifest.seq === (await lastSeq(folder.events))) return manifest
  // A run that was killed before its first step was on disk does not know its own name.
  return { ...manifestOf((await replayRun(folder)).state), job_id: folder.id }
}

/** Manifests of the newest runs, newest first. A run that cannot be read is told with its problem. */
export async function recentRuns(runs: string, count: number): Promise<(Manifest | { job_id: string; problem: string })[]> {
  const ids = (await listRunIds(runs)).slice(-count).toReversed()
  return Promise.all(
    ids.map((id) => manifestOfRun(runFolder(runs, id)).catch((error: Error) => ({ job_id: id, problem: error.message }))),
  )
}

/** A run that was left before its end. What was read of its log to tell that is not read again. */
export type LeftRun = RunFolder & { replay: () => Promise<Replayed> }

/** Runs that were left before their end, newest first, as far as the newest runs tell. */
export async function unfinishedRuns(runs: string): Promise<LeftRun[]> {
  const ids = (await listRunIds(runs)).slice(-20).toReversed()
  // A damaged one can be neither told nor taken up; `damagedRuns` names it.
  const left = await Promise.all(ids.map((id) => leftRun(runFolder(runs, id)).catch(() => undefined)))
  return left.filter((run) => run !== undefined)
}

async function leftRun(folder: RunFolder): Promise<LeftRun | undefined> {
  const head = await readManifestHead(folder.manifest)
  if (head !== undefined && head.seq === (await lastSeq(folder.events))) {
    const hasTasks = Object.keys(head.counts).length > 0
    return head.status === 'running' && hasTasks ? { ...folder, replay: () => replayRun(folder) } : undefined
  }
  const replayed = await replayRun(folder)
  const { phase, tasks } = replayed.state
  return phase.phase !== 'closed' && tasks.size > 0 ? { ...folder, replay: () => Promise.resolve(replayed) } : undefined
}

/** The newest of them, if there is one. */
export async function newestUnfinished(runs: string): Promise<LeftRun | undefined> {
  return (await unfinishedRuns(runs))[0]
}

/** A run's state, by whatever it is known. */
export function replayOf(run: RunFolder | LeftRun): Promise<Replayed> {
  return 'replay' in run ? run.replay() : replayRun(run)
}

/** Runs whose log cannot be understood, with what is wrong. */
export async function damagedRuns(runs: string): Promise<{ job_id: string; problem: string }[]> {
  return (await recentRuns(runs, 20)).filter((run) => 'problem' in run)
}

/** Long enough for the end of a log to hold a whole line, unless that line is a task with a long prompt. */
const TAIL_BYTES = 64 * 1024

/** The sequence number in the last whole line of a log; undefined when it takes more than a look to tell. */
async function lastSeq(path: string): Promise<number | undefined> {
  const file = await open(path, 'r').catch(() => undefined)
  if (file === undefined) return undefined
  try {
    const { size } = await file.stat()
    const length = Math.min(size, TAIL_BYTES)
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length)
    const lines = buffer.toString('utf8').split('\n')
    const last = lines.at(-2)
    if (lines.at(-1) !== '' || last === undefined) return undefined
    const value: unknown = JSON.parse(last)
    return typeof value === 'object' && value !== null && 'seq' in value && typeof value.seq === 'number' ? value.seq : undefined
  } catch {
    return undefined
  } finally {
    await file.close()
  }
}
