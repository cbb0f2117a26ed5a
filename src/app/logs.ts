import { access } from 'node:fs/promises'
import { Event, taskOfEvent } from '../core/events.ts'
import { hasEnded } from '../core/task-state.ts'
import { attemptLogPath } from '../store/attempt-log.ts'
import { followFile, linesOf } from '../store/follow.ts'
import { readManifest } from '../store/manifest-file.ts'
import type { RunFolder } from '../store/run-folder.ts'
import { conductorOf } from './lock.ts'
import { manifestOfRun } from './runs.ts'
import type { Workspace } from './workspace.ts'

/** The log of one attempt, in pieces as they were written: a model's answer comes word by word. */
export type TaskLog = { attempt: number; pieces: AsyncIterable<string> }

/**
 * What a task said while it ran.
 * @param attempt which attempt; the last one where absent
 * @param follow go on until the task has ended
 */
export async function taskLog(
  workspace: Workspace,
  folder: RunFolder,
  task: string,
  attempt: number | undefined,
  follow: boolean,
): Promise<TaskLog | { problem: string }> {
  const manifest = await manifestOfRun(folder)
  const entry = manifest.tasks.find(({ id }) => id === task)
  if (entry === undefined) return { problem: `run ${folder.id} has no task "${task}"; it has: ${manifest.tasks.map(({ id }) => id).join(', ')}` }
  if (entry.attempts === 0) return { problem: `"${task}" has not started${entry.reason === undefined ? '' : `: ${entry.reason}`}` }
  const number = attempt ?? entry.attempts
  const path = attemptLogPath(folder, task, number)
  const exists = await access(path).then(
    () => true,
    () => false,
  )
  if (!exists) return { problem: `attempt ${number} of "${task}" said nothing; it had ${entry.attempts} so far` }
  const isOver = async () => {
    if (!follow || (await conductorOf(workspace)) === undefined) return true
    // As it was last written: it follows soon, and folding the whole log at every look would cost with every task.
    const now = (await readManifest(folder.manifest))?.tasks.find(({ id }) => id === task)
    return now !== undefined && hasEnded(now.status)
  }
  return { attempt: number, pieces: followFile(path, isOver) }
}

/** A line that is no event was torn by a crash. */
function parse(line: string): Event | undefined {
  try {
    return Event.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

/** A run's events as they are recorded, until it is over or its conductor is gone. */
export async function* followEvents(workspace: Workspace, { events }: RunFolder): AsyncGenerator<Event> {
  let over = false
  const isOver = async () => over || (await conductorOf(workspace)) === undefined
  for await (const line of linesOf(followFile(events, isOver))) {
    const event = parse(line)
    if (event === undefined) continue
    yield event
    // A run that was left may have been taken up again, further down.
    over = event.type === 'run.closed' || event.type === 'run.stopped'
  }
}

/** The events of one task of a run, in order, as far as they are on disk. */
export async function eventsAbout({ events }: RunFolder, task: string): Promise<Event[]> {
  const about: Event[] = []
  // Most lines are about other tasks: they need not be understood.
  const name = JSON.stringify(task)
  for await (const line of linesOf(followFile(events, async () => true))) {
    const event = line.includes(name) ? parse(line) : undefined
    if (event !== undefined && taskOfEvent(event) === task) about.push(event)
  }
  return about
}
