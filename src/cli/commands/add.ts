import type { Command } from 'commander'
import { dropTasks, handInTasks } from '../../app/handed-in/hand-in-tasks.ts'
import { reachConductor } from '../../app/handed-in/reach-conductor.ts'
import type { Event } from '../../core/events.ts'
import type { Problem } from '../../core/problem.ts'
import { plural } from '../../core/units.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { loadToRun } from '../load-checked.ts'
import { workspaceOf } from '../options.ts'
import { complain, outJson, outWrapped } from '../terminal.ts'
import { withAsking, type AskingOptions } from '../wish-options.ts'

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withAsking(command)
    .argument('<path...>', 'task files, or folders of them')
    .addHelpText('after', '\nWhoever conducts here takes them into the open run. Where nobody does, they are copied into tasks/pending/.')
    .action(async (paths: string[], options: AskingOptions) => exit(await add(paths, options)))
}

async function add(paths: readonly string[], options: AskingOptions): Promise<ExitCode> {
  const workspace = await workspaceOf(options)
  if (workspace === undefined) return EXIT.invalid
  const isForProgram = options.json === true
  const reached = await reachConductor(workspace, { by: options.by, door: 'cli' })
  if (reached !== undefined && 'problem' in reached) return refuse([{ file: paths.join(', '), message: reached.problem }], isForProgram)
  if (reached !== undefined) {
    const added = await handInTasks(reached, paths)
    if ('problems' in added) return refuse(added.problems, isForProgram)
    if (isForProgram) outJson({ events: added.events })
    else outWrapped(takenText(paths, added.events))
    return EXIT.done
  }
  const checked = await loadToRun(workspace, paths, {})
  if (checked === undefined) return EXIT.invalid
  const dropped = await dropTasks(workspace, checked.loaded)
  if ('problems' in dropped) return refuse(dropped.problems, isForProgram)
  if (isForProgram) outJson({ recorded: true, files: dropped.files, events: [] })
  else outWrapped(`${dropped.files.join(', ')}: nobody conducts here now; tutti watch takes ${dropped.files.length === 1 ? 'it' : 'them'} when it is started`)
  return EXIT.done
}

function takenText(paths: readonly string[], events: readonly Event[]): string {
  const tasks = events.flatMap((event) => (event.type === 'task.added' || event.type === 'task.revised' ? [event.task.id] : []))
  return tasks.length === 0 ? `taken: ${paths.join(', ')}` : `taken, ${plural(tasks.length, 'task')}: ${tasks.join(', ')}`
}

function refuse(problems: readonly Problem[], isForProgram: boolean): ExitCode {
  if (isForProgram) outJson({ error: { code: 'refused', message: problems.map(({ message }) => message).join('; '), problems } })
  else complain(problems)
  return EXIT.failed
}
