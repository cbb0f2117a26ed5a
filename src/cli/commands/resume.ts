import type { Command } from 'commander'
import { reachConductor } from '../../app/handed-in/reach-conductor.ts'
import { newestWanted, recordedFor } from '../../app/handed-in/recorded-wishes.ts'
import { resumeRun } from '../../app/run.ts'
import { damagedRuns, newestUnfinished, pickRun, replayOf } from '../../app/runs.ts'
import type { Workspace } from '../../app/workspace.ts'
import { conductAlone } from '../as-conductor.ts'
import type { Intent } from '../../core/intents.ts'
import { plural } from '../../core/units.ts'
import type { Doors } from '../command.ts'
import { exitCodeOf } from '../conduct.ts'
import { conductRun } from '../conduct-run.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { faceFor } from '../face.ts'
import { choicesOf, withConductOptions, workspaceOf, type ConductOptions } from '../options.ts'
import { userName } from '../user-name.ts'
import { err } from '../terminal.ts'
import { aName } from '../wish-options.ts'

type Options = ConductOptions & { retryNow?: boolean; by: string }

export function define(command: Command, exit: (code: ExitCode) => void, doors: Doors): void {
  withConductOptions(command)
    .argument('[run]', 'a run, or the end of its name; the newest unfinished one where absent. Where it is conducted already: it, or one of its tasks that is paused')
    .option('--retry-now', 'ask providers at once that wait until their quota is due')
    .option('--by <name>', 'who wants it, as the run records it', aName, userName())
    .action(async (reference: string | undefined, options: Options) => exit(await resume(reference, options, doors)))
}

async function resume(reference: string | undefined, options: Options, doors: Doors): Promise<ExitCode> {
  const workspace = await workspaceOf(options, choicesOf(options))
  if (workspace === undefined) return EXIT.invalid
  const reached = await reachConductor(workspace, { by: options.by, door: 'cli' })
  // One that does not answer is complained about below.
  if (reached !== undefined && !('problem' in reached)) return (await import('../resume-elsewhere.ts')).resumeElsewhere(reference, options)
  return conductAlone(workspace, () => takeUp(workspace, reference, options, doors))
}

async function takeUp(workspace: Workspace, reference: string | undefined, options: Options, doors: Doors): Promise<ExitCode> {
  const folder = reference === undefined ? ((await newestUnfinished(workspace.runs)) ?? (await newestWanted(workspace))) : await pickRun(workspace.runs, reference)
  if (folder === undefined) {
    const damaged = await damagedRuns(workspace.runs)
    for (const { job_id, problem } of damaged) err(`error: run ${job_id} cannot be resumed: ${problem}`)
    if (damaged.length === 0) err('there is no unfinished run')
    return damaged.length === 0 ? EXIT.done : EXIT.failed
  }
  if ('problem' in folder) {
    err(`error: ${folder.problem}`)
    return EXIT.invalid
  }
  const replayed = await replayOf(folder)
  if (replayed.torn > 0) err(`warning: ${folder.events}: the last step was cut off by a crash (${replayed.torn} bytes); it did not happen`)
  const { phase } = replayed.state.phase
  if (phase === 'empty') {
    err(`error: run ${folder.id} was cut off before its plan was recorded; run its task files again`)
    return EXIT.invalid
  }
  const recorded = await recordedFor(workspace, folder)
  if (phase === 'closed' && recorded.length === 0) {
    err(`run ${folder.id} is over; run its task files again to repeat it`)
    return exitCodeOf(replayed.state)
  }

  return conductRun(faceFor(options, doors), workspace, async (chosen, listeners) => {
    // Whoever takes a run up wants it to go on, also where somebody has recorded a pause meanwhile.
    const isPaused = replayed.state.paused !== undefined || recorded.some(({ wish }) => wish.type === 'pause' && wish.task === undefined)
    const begin: Intent[] = isPaused ? [{ type: 'unpause', by: 'tutti resume' }] : []
    const run = await resumeRun(chosen, folder, replayed, listeners, { retryNow: options.retryNow === true, begin })
    if (run.leftovers > 0) err(`ended ${plural(run.leftovers, 'process')} that the conductor before had left running`)
    return run
  }, { doors, listen: options.listen })
}
