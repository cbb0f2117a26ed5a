import { InvalidArgumentError, type Command } from 'commander'
import { runBeside, type HandedIn, type NoRun, type RunBeside } from '../app/handed-in/hand-in.ts'
import { wishText } from '../core/views/wish-text.ts'
import { eventLine } from '../core/views/event-line.ts'
import { plural } from '../core/units.ts'
import type { Wish } from '../core/wish.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { formatLine } from './narrate.ts'
import { withWorkspace, workspaceToLookAt, type WorkspaceOptions } from './options.ts'
import { userName } from './user-name.ts'
import { err, errWrapped, out, outJson, outWrapped, styleOf } from './terminal.ts'

/*
 * What all commands share by which a person wants something of a run.
 */

export type AskingOptions = WorkspaceOptions & { by: string; json?: boolean }
export type WishOptions = AskingOptions & { run?: string }

/** Options of commands that speak to a conductor. */
export function withAsking(command: Command): Command {
  return withWorkspace(command).option('--by <name>', 'who wants it, as the run records it', aName, userName()).option('--json', 'print what came of it as JSON, a line each')
}

/** The same for those that are about a run: it need not be conducted now. */
export function withWish(command: Command): Command {
  return withAsking(command).option('--run <run>', 'a run, or the end of its name; where absent the one that is conducted, or else the newest that is not over')
}

export function aName(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It has to be a name.')
  return text.trim()
}

/** One of the things that a person wants at once; or why it cannot be wanted like this. */
export type Asked = { task: string | undefined; wish: Wish; /** What it is about, to be told with what came of it. */ about?: string } | { task: string | undefined; problem: string }

/** Hands in what is wanted, one after the other, and tells what came of each. */
export async function handInAll(options: WishOptions, wanted: (run: RunBeside) => readonly Asked[]): Promise<ExitCode> {
  const workspace = await workspaceToLookAt(options)
  if (workspace === undefined) return EXIT.invalid
  const run = await runBeside(workspace, { by: options.by, door: 'cli' }, options.run)
  if ('problem' in run) return complainOfNone(run, options)
  let code: ExitCode = EXIT.done
  const recorded: string[] = []
  for (const asked of wanted(run)) {
    const came: HandedIn = 'problem' in asked ? { came: 'refused', message: asked.problem } : await run.handIn(asked.wish)
    if (came.came === 'refused') code = EXIT.failed
    if (options.json === true) tellProgram(run, asked, came)
    else tellPerson(run, asked, came)
    if (came.came === 'recorded' && 'wish' in asked) recorded.push(wishText(asked.wish))
  }
  if (recorded.length > 0 && options.json !== true) outWrapped(`recorded: ${recorded.join(', ')}; ${whenItHolds(run)}`)
  return code
}

/** There is no run to speak of, or nobody who answers. */
export function complainOfNone({ problem: message, code }: NoRun, { json }: AskingOptions): ExitCode {
  if (json === true) outJson({ error: { code, message } })
  else err(`error: ${message}`)
  return code === 'no_run' ? EXIT.invalid : EXIT.failed
}

function whenItHolds({ folder, conductor }: RunBeside): string {
  const how = `it takes effect when the run is taken up: tutti resume ${folder.id}`
  return conductor === 'none' ? how : `${how} (another run is conducted here now; tutti stop ends that)`
}

function tellProgram({ folder }: RunBeside, asked: Asked, came: HandedIn): void {
  const about = { run: folder.id, ...(asked.task === undefined ? {} : { task: asked.task }) }
  switch (came.came) {
    case 'done':
      return outJson({ ...about, events: came.events })
    case 'recorded':
      return outJson({ ...about, recorded: true, events: [] })
    case 'refused':
      return outJson({ ...about, error: { code: 'refused', message: came.message } })
  }
}

/** Lines about one thing that is wanted. */
const MOST_LINES = 20

function tellPerson({ state }: RunBeside, asked: Asked, came: HandedIn): void {
  if (came.came === 'refused') return errWrapped(`error: ${came.message}`)
  if ('about' in asked && asked.about !== undefined) outWrapped(asked.about)
  if (came.came === 'recorded') return
  const style = styleOf(process.stdout)
  for (const event of came.events.slice(0, MOST_LINES)) out(formatLine(eventLine(event, state.settings), 0, style))
  if (came.events.length > MOST_LINES) out(`  … and ${plural(came.events.length - MOST_LINES, 'step')} more`)
}
