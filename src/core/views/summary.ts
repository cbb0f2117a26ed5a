import { oneLine } from '../sanitize.ts'
import type { Manifest } from './manifest.ts'
import type { TaskEntry } from './task-entry.ts'
import { countsText } from './rows.ts'
import { formatSeconds, formatUsd, plural } from '../units.ts'

/** What a run came to, for the end of the page. */
export type Summary = {
  /** `10 complete in 6.2 s`. */
  headline: string
  /** Said beside every result that no model gave. */
  label: string | undefined
  /** What did not complete, and why: the first of them. */
  unfinished: { id: string; status: TaskEntry['status']; reason: string }[]
  /** How many more there are. */
  unnamed: number
  /** A task whose log tells more of a failure. */
  look_at: string | undefined
  /** Files that the last tasks of the plan produced: where to look first. */
  results: string[]
}

/** At most so many of each are named. */
const MOST = 8
/** A failing command may quote pages; what to do next stands at the end of a reason. */
const LONGEST_REASON = 600

export function summarize(manifest: Manifest): Summary {
  const { tasks, files, counts, duration_s, cost_micro_usd } = manifest
  const time = duration_s === null ? '' : ` in ${formatSeconds(duration_s)}`
  const rehearsed = tasks.filter(({ label, output }) => label !== undefined && output !== undefined)
  const label = rehearsed[0]?.label
  const unfinished = tasks.filter(({ status }) => status !== 'complete')
  return {
    headline: `${countsText(counts)}${time}${cost_micro_usd === 0 ? '' : `, ${formatUsd(cost_micro_usd)}`}${cachedText(tasks)}`,
    label: label === undefined ? undefined : `${label} (${plural(rehearsed.length, 'task')})`,
    unnamed: Math.max(0, unfinished.length - MOST),
    unfinished: unfinished
      .slice(0, MOST)
      .map(({ id, status, reason }) => ({ id, status, reason: oneLine(reason ?? status, LONGEST_REASON) })),
    look_at: tasks.find(({ status, attempts }) => (status === 'failed' || status === 'incomplete') && attempts > 0)?.id,
    results: resultPaths(tasks, files).slice(0, MOST),
  }
}

function cachedText(tasks: readonly TaskEntry[]): string {
  const hits = tasks.filter(({ cached }) => cached === true).length
  return hits === 0 ? '' : ` (${hits} from the cache)`
}

/** Files beside the answers are what somebody asked for by name; without any, the last answer is the result. */
function resultPaths(tasks: readonly TaskEntry[], files: Manifest['files']): string[] {
  const answers = new Set(tasks.map(({ output }) => output))
  const named = files.filter(({ path }) => !answers.has(path)).map(({ path }) => path)
  if (named.length > 0) return named
  const last = tasks.findLast(({ status, output }) => status === 'complete' && output !== undefined)?.output
  return last === undefined ? [] : [last]
}
