import { Option, type Command } from 'commander'
import { eventsOfRun } from '../../app/runs.ts'
import type { Screen } from '../../app/screen.ts'
import { replayedRun, SPEEDS, USUAL_SPEED, type ReplayedRun } from '../../app/shown-runs/replayed.ts'
import { reduce } from '../../core/reduce.ts'
import { emptyState } from '../../core/state.ts'
import type { Doors } from '../command.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { faceFor, narratorFor, type Spoken } from '../face.ts'
import { findRun } from '../find-run.ts'
import { exitOfLooking } from '../left-looking.ts'
import { withFace, withWorkspace, type WorkspaceOptions } from '../options.ts'
import { takeTerminal } from '../screen-terminal.ts'
import { err, keepGoingUnheard } from '../terminal.ts'

type Options = WorkspaceOptions & { tui: boolean; plain?: boolean; speed: string }

export function define(command: Command, exit: (code: ExitCode) => void, doors: Doors): void {
  withFace(withWorkspace(command))
    .argument('[run]', 'a run, or the end of its name', 'last')
    .addOption(new Option('--speed <n>', 'how many seconds of the run one second shows').choices(SPEEDS.map(String)).default(String(USUAL_SPEED)))
    .addHelpText('after', '\nLong waits are shortened. Without a full-screen page all that happened is printed at once.')
    .action(async (reference: string, options: Options) => exit(await replay(reference, options, doors)))
}

async function replay(reference: string, options: Options, doors: Doors): Promise<ExitCode> {
  const found = await findRun(options, reference)
  if (found === undefined) return EXIT.invalid
  const { workspace, folder } = found
  const face = faceFor(options, doors)
  if (face.face !== 'screen') return print(await eventsOfRun(folder), face.face)
  const run = await replayedRun(folder, SPEEDS.find((speed) => String(speed) === options.speed))
  return play(await face.open({ workspace, waiting: '' }), run)
}

async function play(screen: Screen, run: ReplayedRun): Promise<ExitCode> {
  keepGoingUnheard()
  const giveBack = takeTerminal(screen)
  try {
    screen.show(run)
    if (run.player.playback.waits !== 'none') screen.tell('long waits are shortened', 'note')
    run.player.toggle()
    return exitOfLooking(await screen.left)
  } finally {
    giveBack()
  }
}

/** Tells a run as it was told while it went on, without the waits between. */
function print(events: Awaited<ReturnType<typeof eventsOfRun>>, spoken: Spoken): ExitCode {
  err('all that happened, at once: only the full-screen page plays it in time')
  const narrator = narratorFor(spoken)
  const state = emptyState()
  for (const event of events) narrator.listen(event, reduce(state, event))
  narrator.end()
  return EXIT.done
}
