import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { reduce } from '../../src/core/reduce.ts'
import { emptyState } from '../../src/core/state.ts'
import { manifestOf } from '../../src/core/views/manifest.ts'
import { attemptLogPath } from '../../src/store/attempt-log.ts'
import { createRunFolder, type RunFolder } from '../../src/store/run-folder.ts'
import { RUN_ID, tellStory, type Said } from './tell.ts'

/** Writes the run of the story to disk as a conductor leaves it. @param runs the folder of all runs */
export async function writeStory(runs: string): Promise<RunFolder> {
  const { events, said } = tellStory()
  const folder = await createRunFolder(runs, RUN_ID)
  await writeFile(folder.events, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  await writeFile(folder.manifest, JSON.stringify(manifestOf(events.reduce(reduce, emptyState())), null, 2))
  for (const event of events) {
    if (event.type !== 'attempt.started') continue
    const { task, attempt } = event
    const text = textOf(said.filter((line) => line.task === task && line.attempt === attempt))
    await writeFile(attemptLogPath(folder, task, attempt), text)
    await mkdir(join(folder.outputs, task), { recursive: true })
    await writeFile(join(folder.outputs, task, 'output.md'), text)
  }
  return folder
}

const textOf = (lines: readonly Said[]) => lines.map(({ text }) => text).join('')
