import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { lockHolder, takeLock } from '../../src/store/lock.ts'
import { tempDir } from '../temp-dir.ts'

const here = process.platform === 'linux' ? `${hostname()} ${readlinkSync('/proc/self/ns/pid')}` : hostname()
const holder = (pid: number, more = {}) => JSON.stringify({ pid, host: here, started: '1', since: '2026-11-20T12:00:00.000Z', ...more })

it('lets one conductor work in a workspace, and the next when it has left', async () => {
  const runs = await tempDir()
  const first = await takeLock(runs)
  expect(await takeLock(runs)).toMatchObject({ result: 'taken', by: { pid: process.pid } })
  expect(await lockHolder(runs)).toMatchObject({ pid: process.pid })
  if (first.result === 'held') await first.release()
  expect(await takeLock(runs)).toMatchObject({ result: 'held' })
})

it('takes the place of a dead process at once', async () => {
  const runs = await tempDir()
  const dead = spawn('true')
  await once(dead, 'exit')
  await writeFile(join(runs, 'conductor.lock'), holder(dead.pid ?? 0))
  expect(await lockHolder(runs)).toBeUndefined()
  expect(await takeLock(runs)).toMatchObject({ result: 'held' })
})

it.runIf(process.platform === 'linux')('is not fooled by a process that was given the same number later', async () => {
  const runs = await tempDir()
  await writeFile(join(runs, 'conductor.lock'), holder(process.pid, { started: 'long ago' }))
  expect(await takeLock(runs)).toMatchObject({ result: 'held' })
})

it.each(['elsewhere', `${hostname()} pid:[1]`])('believes a conductor on another machine or in another container to be alive: %s', async (host) => {
  const runs = await tempDir()
  await writeFile(join(runs, 'conductor.lock'), holder(1, { host }))
  expect(await takeLock(runs)).toMatchObject({ result: 'taken', by: { host } })
})

it('does not stop at a lock file that nobody can read', async () => {
  const runs = await tempDir()
  await writeFile(join(runs, 'conductor.lock'), '{"pid":')
  expect(await takeLock(runs)).toMatchObject({ result: 'held' })
})

it('gives the place to exactly one of many who find a dead holder together', async () => {
  const runs = await tempDir()
  await writeFile(join(runs, 'conductor.lock'), holder(2 ** 22 + 1))
  const all = await Promise.all(Array.from({ length: 5 }, () => takeLock(runs)))
  expect(all.filter(({ result }) => result === 'held')).toHaveLength(1)
})
