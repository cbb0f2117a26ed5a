import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { conductorOf } from '../../app/lock.ts'
import { reachConductor, runningNow, stopConductor } from '../../app/handed-in/reach-conductor.ts'
import { plural } from '../../core/units.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { workspaceToLookAt } from '../options.ts'
import { err, outJson } from '../terminal.ts'
import { complainOfNone, withAsking, type AskingOptions } from '../wish-options.ts'

type Options = AskingOptions & { now?: boolean }

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withAsking(command)
    .option('--now', 'interrupt what runs at once, and do not let it come to its end')
    .addHelpText('after', '\nIt waits until the conductor is gone. tutti resume takes the run up again.')
    .action(async (options: Options) => exit(await stop(options)))
}

const LOOK_MS = 200

async function stop(options: Options): Promise<ExitCode> {
  const workspace = await workspaceToLookAt(options)
  if (workspace === undefined) return EXIT.invalid
  const reached = await reachConductor(workspace, { by: options.by, door: 'cli' })
  if (reached !== undefined && 'problem' in reached) return complainOfNone({ ...reached, code: 'no_answer' }, options)
  const say = (text: string) => options.json !== true && err(text)
  if (reached === undefined) {
    say('no conductor works in this workspace')
    if (options.json === true) outJson({ stopped: null })
    return EXIT.done
  }
  const pid = await conductorOf(workspace)
  const refused = await stopConductor(reached, options.now === true ? 'now' : 'grace')
  if (refused !== undefined) return complainOfNone({ problem: refused, code: 'no_answer' }, options)
  say(`the conductor (process ${pid ?? '?'}) ends what runs, and leaves${options.now === true ? '' : '; tutti stop --now interrupts it at once'}`)
  let told = 0
  while (pid !== undefined && (await conductorOf(workspace)) === pid) {
    const running = (await runningNow(reached)) ?? told
    if (running !== told && running > 0) say(`${plural(running, 'task')} still ${running === 1 ? 'runs' : 'run'}`)
    told = running
    await sleep(LOOK_MS)
  }
  say('it is gone')
  if (options.json === true) outJson({ stopped: pid ?? null })
  return EXIT.done
}
