import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { reduce } from '../../src/core/reduce.ts'
import { emptyState } from '../../src/core/state.ts'
import { manifestOf } from '../../src/core/views/manifest.ts'
import { attemptLogPath, attemptTimesPath } from '../../src/store/attempt-log.ts'
import { timeEntry } from '../../src/store/log-times.ts'
import { createRunFolder, type RunFolder } from '../../src/store/run-folder.ts'
import { OPENED_AT, RUN_ID, tellStory, type Said } from './tell.ts'

/**
 * Writes the run of the story to disk as a conductor leaves it.
 * @param runs the folder of all runs
 * @param until what tasks have said up to then, in seconds since it began; all of it where absent
 */
export async function writeStory(runs: string, until = Infinity): Promise<RunFolder> {
  const { events, said: all } = tellStory()
  const said = all.filter(({ at }) => at <= OPENED_AT + until * 1000)
  const folder = await createRunFolder(runs, RUN_ID)
  await writeFile(folder.events, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  await writeFile(folder.manifest, JSON.stringify(manifestOf(events.reduce(reduce, emptyState())), null, 2))
  for (const event of events) {
    if (event.type !== 'attempt.started') continue
    const { task, attempt } = event
    const own = said.filter((line) => line.task === task && line.attempt === attempt)
    const text = textOf(own)
    await writeFile(attemptLogPath(folder, task, attempt), text)
    await writeFile(attemptTimesPath(folder, task, attempt), timesOf(own))
    await mkdir(join(folder.outputs, task), { recursive: true })
    await writeFile(join(folder.outputs, task, 'output.md'), text)
  }
  return folder
}

/** When each line came. */
function timesOf(said: readonly Said[]): string {
  let byte = 0
  return said
    .map(({ text, at }) => {
      const entry = timeEntry(byte, Math.round(at))
      byte += Buffer.byteLength(text)
      return entry
    })
    .join('')
}

const textOf = (lines: readonly Said[]) => lines.map(({ text }) => text).join('')
