import type { Refusal } from '../../core/intents.ts'
import type { Problem } from '../../core/problem.ts'
import type { LoadedPlan } from '../plans.ts'

/*
 * Files that are handed in together: what one depends on may stand in another.
 */

/** The problems of each file in the batch; a problem that no file can be blamed for is everybody's. */
export function byFile({ problems }: Refusal, batch: ReadonlyMap<string, unknown>): Map<string, Problem[]> {
  const blamed = new Map<string, Problem[]>()
  for (const problem of problems) {
    if (batch.has(problem.file)) blamed.set(problem.file, [...(blamed.get(problem.file) ?? []), problem])
  }
  return blamed.size > 0 ? blamed : new Map([...batch.keys()].map((file) => [file, [...problems]]))
}

/** The plans of several files as one. */
export function merge(plans: readonly LoadedPlan[]): LoadedPlan {
  return {
    plan: { files: plans.flatMap(({ plan }) => plan.files), tasks: plans.flatMap(({ plan }) => plan.tasks), earlier: [], prices: [] },
    contents: new Map(plans.flatMap(({ contents }) => [...contents])),
    statuses: new Map(plans.flatMap(({ statuses }) => [...statuses])),
    projects: new Set(plans.flatMap(({ projects }) => [...projects])),
    warnings: plans.flatMap(({ warnings }) => warnings),
  }
}

/** Each plan in the watch is one file. */
export function contentOf({ plan }: LoadedPlan): string | undefined {
  return plan.files[0]?.content_sha256
}

/** Statuses that say that a file needs no run; `running` is what a crash left, and anything else is to be run. */
const ENDED: ReadonlySet<string> = new Set(['complete', 'incomplete', 'failed'])

/**
 * Whether a file is in the run just as it stands, or only shows how it ended; any other is to be run.
 * @param admitted the content of each file as it was last admitted
 * @param isInRun whether the run is not through with it, or was left with it
 */
export function fileStanding(loaded: LoadedPlan, file: string, admitted: ReadonlyMap<string, string | undefined>, isInRun: boolean): 'in the run' | 'ended' | 'to be run' {
  const isSame = admitted.get(file) === contentOf(loaded)
  if (isSame && isInRun) return 'in the run'
  const hasEnded = ENDED.has((loaded.statuses.get(file) ?? '').toLowerCase())
  return hasEnded && (isSame || !admitted.has(file)) ? 'ended' : 'to be run'
}
