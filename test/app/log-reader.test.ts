import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openLogReader } from '../../src/app/log-reader.ts'
import { openAttemptLog } from '../../src/store/attempt-log.ts'
import { createRunFolder } from '../../src/store/run-folder.ts'
import { tempDir } from '../temp-dir.ts'

/** A log that came all at once, and its reader. */
async function atOnce(cameAt: number | undefined) {
  const run = await createRunFolder(join(await tempDir(), 'runs'), '20261120-120000-0000')
  const log = openAttemptLog(run, 'a', 1, 1_000)
  log.write('one\ntwo\n')
  await log.close()
  return openLogReader(run, 'a', 1, () => cameAt)
}

it('takes what came at once for what came at the end of its attempt', async () => {
  const reader = await atOnce(5_000)
  expect([reader.timeOf(0), reader.timeOf(7)]).toEqual([5_000, 5_000])
  expect([undefined, 4_999, 5_000].map((at) => reader.text(at).end)).toEqual([8, 0, 8])
  reader.close()
})

it('knows no time, and leaves nothing out, where the end is not known', async () => {
  const reader = await atOnce(undefined)
  expect(reader.timeOf(0)).toBeUndefined()
  expect(reader.text(1).end).toBe(8)
  reader.close()
})
