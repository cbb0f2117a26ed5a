import { steer } from '../../core/admit-steering.ts'
import { stamped } from '../../core/events.ts'
import type { Refusal } from '../../core/intents.ts'
import type { Problem } from '../../core/problem.ts'
import { reduce } from '../../core/reduce.ts'
import type { RunState } from '../../core/state.ts'
import { formatTime } from '../../core/units.ts'
import { wishText } from '../../core/views/wish-text.ts'
import type { Author, Wish } from '../../core/wish.ts'
import type { Earlier } from '../../runtime/loop.ts'
import { deleteWish, readWishes, wantedRuns, type RecordedWish } from '../../store/recorded-wishes.ts'
import { listRunIds, runFolder, type RunFolder } from '../../store/run-folder.ts'
import type { Workspace } from '../workspace.ts'

export type { RecordedWish } from '../../store/recorded-wishes.ts'

/*
 * What people want of a run that nobody conducts is recorded, and taken in when the run is taken up: in the order in
 * which it came, and before anything is started.
 */

/** What is recorded for a run that is being taken up. */
export type Recorded = {
  /** To be handed in, each under its key. */
  first: Earlier[]
  /** What could not be read, and, once they have been handed in, what was refused. */
  warnings: Problem[]
  /** Deletes what has been decided on. @param onDisk resolves when what it caused is in the log; where it rejects nothing is deleted */
  settle: (onDisk: Promise<void>) => Promise<void>
}

export async function takeRecorded({ runs }: Workspace, { id }: RunFolder): Promise<Recorded> {
  const warnings: Problem[] = []
  const decided: string[] = []
  const first: Earlier[] = []
  for (const file of await readWishes(runs, id)) {
    if ('problem' in file) {
      warnings.push({ file: file.path, message: `${file.problem}; it is left as it is` })
      continue
    }
    const { path, recorded } = file
    first.push({
      intent: intentOf(recorded.wish, recorded),
      key: recorded.key,
      decided: (refusal) => {
        decided.push(path)
        if (refusal !== undefined) warnings.push(...refusedLate(recorded, refusal))
      },
    })
  }
  return {
    first,
    warnings,
    settle: async (onDisk) => {
      const isOnDisk = await onDisk.then(
        () => true,
        () => false,
      )
      if (isOnDisk) for (const path of decided) await deleteWish(path)
    },
  }
}

/** What could be done when it was wanted, and cannot be done any more. */
function refusedLate({ wish, by, at }: RecordedWish, { problems }: Refusal): Problem[] {
  return problems.map((problem) => ({ ...problem, message: `${by} wanted at ${formatTime(at)} to ${wishText(wish)}, which is not done: ${problem.message}` }))
}

/** What is recorded for a run, as far as it can be read. */
export async function recordedFor({ runs }: Workspace, { id }: RunFolder): Promise<RecordedWish[]> {
  return (await readWishes(runs, id)).flatMap((file) => ('recorded' in file ? [file.recorded] : []))
}

/** The newest run for which something is recorded. */
export async function newestWanted({ runs }: Workspace): Promise<RunFolder | undefined> {
  const there = new Set(await listRunIds(runs))
  const newest = (await wantedRuns(runs)).find((run) => there.has(run))
  return newest === undefined ? undefined : runFolder(runs, newest)
}

/** Takes what is recorded into a state that nobody conducts: the run as it will stand when it is taken up. What will be refused changes nothing. */
export function foresee(state: RunState, recorded: readonly RecordedWish[]): void {
  for (const { wish, by, door, at, key } of recorded) {
    if (state.keys.has(key)) continue
    const { events } = steer(state, intentOf(wish, { by, door }))
    for (const event of stamped(events, state.seq, at, { key })) reduce(state, event)
  }
}

/** A wish with its author is what the loop takes in. */
export function intentOf(wish: Wish, { by, door }: Author): Wish & Author {
  return { ...wish, by, door }
}
