import { setTimeout as sleep } from 'node:timers/promises'
import { runBeside } from '../../src/app/handed-in/hand-in.ts'
import { openWorkspace } from '../../src/app/workspace.ts'
import type { RunState } from '../../src/core/state.ts'
import type { Random } from '../random.ts'
import type { MixedWorld, Said } from './mixed-world.ts'

export const COMMENT = 'once more'

/**
 * A person answers what waits for them: from the command line, which is killed at times, or through the door that it
 * uses. What did not come through is said again another time.
 */
export async function answer(world: MixedWorld, state: RunState, random: Random): Promise<void> {
  const said = world.answers(state)
  if (random.below(3) > 0) return handIn(world, said)
  for (const word of new Set(said.map((each) => each.word))) {
    const tasks = said.flatMap((each) => (each.word === word ? [each.task] : []))
    const program = world.workspace.start([word, ...tasks, ...(word === 'send-back' ? ['--comment', COMMENT] : [])])
    if (random.below(3) === 0) await Promise.race([program, sleep(random.below(400))]).then(() => program.kill('SIGKILL'))
    await program
  }
}

async function handIn({ workspace }: MixedWorld, said: readonly Said[]): Promise<void> {
  const opened = await openWorkspace(workspace.dir, {}, {})
  if ('problems' in opened) throw new Error(JSON.stringify(opened.problems))
  for (const { task, word } of said) {
    const run = await runBeside(opened, { by: 'person', door: 'cli' })
    if ('problem' in run) return
    await run.handIn(word === 'send-back' ? { type: word, task, comment: COMMENT } : { type: word, task })
  }
}
