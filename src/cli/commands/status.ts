import type { Command } from 'commander'
import { conductorOf } from '../../app/lock.ts'
import { allRunIds, runHead } from '../../app/run-heads.ts'
import { recentRuns, stateOfRun } from '../../app/runs.ts'
import { errorMessage } from '../../core/error.ts'
import type { RunState } from '../../core/state.ts'
import { headOf } from '../../core/views/manifest.ts'
import { countsText, queueRows, type FullQueueRow } from '../../core/views/rows.ts'
import { formatUsd } from '../../core/units.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { withWorkspace, workspaceToLookAt, type WorkspaceOptions } from '../options.ts'
import { outRows } from '../rows.ts'
import { out, outJson, outWrapped, styleOf } from '../terminal.ts'

type Options = WorkspaceOptions & { json?: boolean; all?: boolean }

/** Rows of a long run that are shown without `--all`: what needs a person stands first. */
const MOST_ROWS = 30
const EARLIER_RUNS = 5

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withWorkspace(command)
    .option('--json', 'print it as JSON: the conductor, and the manifest of the run')
    .option('--all', 'every task, however many')
    .action(async (options: Options) => exit(await status(options)))
}

async function status(options: Options): Promise<ExitCode> {
  const workspace = await workspaceToLookAt(options)
  if (workspace === undefined) return EXIT.invalid
  const pid = await conductorOf(workspace)
  if (options.json === true) {
    const [run = null] = await recentRuns(workspace.runs, 1)
    outJson({ conductor: pid ?? null, run }, 2)
    return EXIT.done
  }
  const [newest, ...others] = await allRunIds(workspace.runs)
  if (newest === undefined) {
    out(`no runs yet in ${workspace.runs}; start one with: tutti run <task file>`)
    return EXIT.done
  }
  const state = await stateOfRun(workspace.runs, newest)
  if ('problem' in state) outWrapped(`${newest}: ${state.problem}`)
  else printRun({ ...headOf(state), job_id: newest }, state, pid, options.all === true)
  const earlier = await Promise.all(others.slice(0, EARLIER_RUNS).map((id) => earlierRow(workspace.runs, id)))
  if (earlier.length > 0) out('\nearlier runs')
  outRows(
    earlier.map((row) => ({ cells: row })),
    2,
  )
  return EXIT.done
}

/** One run: a line about it, then its tasks as rows of the queue. @param state the one that the manifest was made of */
export function printRun(manifest: ReturnType<typeof headOf>, state: RunState, pid: number | undefined, all: boolean): void {
  const style = styleOf(process.stdout)
  const isOver = manifest.status !== 'running'
  outWrapped(`run ${manifest.job_id} of ${manifest.project}: ${stateText(manifest, pid)}`)
  outWrapped(`${countsText(manifest.counts)}${manifest.cost_micro_usd === 0 ? '' : `, ${formatUsd(manifest.cost_micro_usd)}`}`)
  // What kept a provider from being used matters only as long as something may still be sent to it.
  const away = isOver ? [] : manifest.providers
  outRows(
    away.map(({ provider, text }) => ({ sign: style.sign('held'), cells: [`${provider} ${text}`] })),
    2,
  )
  if (!isOver && pid === undefined) out(`go on with: tutti resume ${manifest.job_id}`)
  const shown = queueRows(state, UTC, all ? Infinity : MOST_ROWS)
  const narrow = isNarrow()
  outRows(
    shown.map((row) => ({ sign: style.sign(row.status), cells: cells(row, narrow) })),
    2,
  )
  const left = state.tasks.size - shown.length
  if (left > 0) out(`  … and ${left} more (--all shows them)`)
}

/** On a narrow terminal there is no room for where a task ran beside why it did not complete. */
function isNarrow(): boolean {
  return process.stdout.isTTY && process.stdout.columns < 110
}

/** Lines may be read elsewhere, and later. */
const UTC = { now: Date.now(), timeOfDay: (at: number) => `${new Date(at).toISOString().slice(11, 16)} UTC` }

function cells({ id, status, route, time, cost, tries, why: brief, reason }: FullQueueRow, narrow: boolean): string[] {
  const why = [cost, tries, reason === '' ? brief : reason].filter((part) => part !== '').join(', ')
  return narrow ? [id, status, time, why === '' ? route : why] : [id, status, route, time, why]
}

function stateText(manifest: ReturnType<typeof headOf>, pid: number | undefined): string {
  if (manifest.status !== 'running') return manifest.status
  const paused = manifest.paused === undefined ? undefined : `paused by ${manifest.paused}`
  if (pid !== undefined && manifest.stopped === undefined) return `${paused ?? 'running'} (process ${pid})`
  return `unfinished (${paused ?? manifest.stopped ?? 'its conductor is gone'})`
}

async function earlierRow(runs: string, id: string): Promise<string[]> {
  try {
    const { status, counts } = await runHead(runs, id)
    return [id, status === 'running' ? 'unfinished' : status, countsText(counts)]
  } catch (error) {
    return [id, 'damaged', errorMessage(error)]
  }
}
