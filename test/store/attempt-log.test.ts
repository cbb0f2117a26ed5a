import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { attemptLogPath, openAttemptLog } from '../../src/store/attempt-log.ts'
import { createRunFolder } from '../../src/store/run-folder.ts'
import { tempDir } from '../temp-dir.ts'

const folder = async () => createRunFolder(join(await tempDir(), 'runs'), '20261120-120000-0000')

it('holds what an attempt said, in order, once it is closed', async () => {
  const run = await folder()
  const log = openAttemptLog(run, 'a', 2, 1_000)
  for (const piece of ['one ', '', 'two ', 'three']) log.write(piece)
  await log.close()
  expect(await readFile(attemptLogPath(run, 'a', 2), 'utf8')).toBe('one two three')
})

it('can be read while its attempt goes on', async () => {
  const run = await folder()
  const log = openAttemptLog(run, 'a', 1, 1_000)
  log.write('one ')
  log.write('two ')
  await expect.poll(() => readFile(attemptLogPath(run, 'a', 1), 'utf8').catch(() => '')).toBe('one two ')
  log.write('three')
  await log.close()
  expect(await readFile(attemptLogPath(run, 'a', 1), 'utf8')).toBe('one two three')
})

it('is one file where it came at once, and two where it took its time', async () => {
  const run = await folder()
  for (const [task, at] of [['fast', 99], ['slow', 100]] as const) {
    let now = 0
    const log = openAttemptLog(run, task, 1, 1_000, () => now)
    log.write('one ')
    now = at
    log.write('two')
    await log.close()
  }
  expect((await readdir(run.logs)).sort()).toEqual(['fast.1.log', 'slow.1.log', 'slow.1.times'])
})

it('leaves no file of an attempt that said nothing', async () => {
  const run = await folder()
  const log = openAttemptLog(run, 'a', 1, 1_000)
  log.write('')
  expect(log.isEmpty()).toBe(true)
  await log.close()
  expect(await readdir(run.logs)).toEqual([])
})

it('is no end of an attempt whose command takes its folder away', async () => {
  const run = await folder()
  await rm(run.logs, { recursive: true })
  const log = openAttemptLog(run, 'a', 1, 1_000)
  log.write('nobody will read this')
  await log.close()
  expect(await readdir(run.path)).not.toContain('logs')
})

it('stops at its limit, and says so once', async () => {
  const run = await folder()
  const log = openAttemptLog(run, 'a', 1, 100)
  for (let line = 0; line < 1_000; line++) log.write('123456789\n')
  await log.close()
  const text = await readFile(attemptLogPath(run, 'a', 1), 'utf8')
  expect(text.length).toBeLessThan(200)
  expect(text.match(/cut off here/g)).toHaveLength(1)
})
