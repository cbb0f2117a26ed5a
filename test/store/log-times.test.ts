import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { attemptTimesPath, openAttemptLog } from '../../src/store/attempt-log.ts'
import { logTimes } from '../../src/store/log-times.ts'
import { openPagedFile } from '../../src/store/paged-file.ts'
import { createRunFolder } from '../../src/store/run-folder.ts'
import { tempDir } from '../temp-dir.ts'

/** A log of pieces, and when each of them came. */
async function said(...pieces: [at: number, text: string][]) {
  const run = await createRunFolder(join(await tempDir(), 'runs'), '20261120-120000-0000')
  let now = 0
  const log = openAttemptLog(run, 'a', 1, 1_000_000, () => now)
  for (const [at, text] of pieces) {
    now = at
    log.write(text)
  }
  await log.close()
  const path = attemptTimesPath(run, 'a', 1)
  return { path, times: logTimes(openPagedFile(path)) }
}

it('tells when each byte came', async () => {
  const { times } = await said([1_000, 'one\n'], [5_000, 'two\n'], [9_000, 'three\n'])
  expect([0, 3, 4, 7, 8, 100].map(times.of)).toEqual([1_000, 1_000, 5_000, 5_000, 9_000, 9_000])
})

it('tells how long the log was at a time', async () => {
  const { times } = await said([1_000, 'one\n'], [5_000, 'two\n'], [9_000, 'three\n'])
  expect([999, 1_000, 4_999, 5_000, 9_000, 99_000].map((at) => times.lengthAt(at, 14))).toEqual([0, 4, 4, 8, 14, 14])
})

it('writes little beside a log that is written fast', async () => {
  const { path } = await said(...Array.from({ length: 20_000 }, (_, index): [number, string] => [index / 20, `line ${index}\n`]))
  expect((await readFile(path)).length).toBeLessThanOrEqual(10 * 27)
})

it('finds its way in the times of a long day', async () => {
  const { times } = await said(...Array.from({ length: 5_000 }, (_, index): [number, string] => [index * 1_000, '0123456789']))
  for (const index of [0, 1, 606, 607, 2_500, 4_999]) expect(times.of(index * 10 + 5)).toBe(index * 1_000)
})

it('goes by the entries before one that was torn', async () => {
  const { path, times } = await said([1_000, 'one\n'], [5_000, 'two\n'])
  await appendFile(path, '0000000000')
  expect(times.of(7)).toBe(5_000)
})

it('knows nothing where nothing was written down', async () => {
  const path = join(await tempDir(), 'a.1.times')
  const times = logTimes(openPagedFile(path))
  expect(times.of(0)).toBeUndefined()
  expect(times.lengthAt(1, 10)).toBeUndefined()
  await writeFile(path, '')
  expect(times.of(0)).toBeUndefined()
})
