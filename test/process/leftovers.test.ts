import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it, onTestFinished } from 'vitest'
import { endLeftovers } from '../../src/process/leftovers.ts'
import { isRunning } from './is-running.ts'

/** A shell in a session of its own, as one that has lost its conductor. */
async function orphan(script: string, mark: string): Promise<number> {
  const child = spawn('/bin/sh', ['-c', `${script}; echo up; while :; do sleep 0.05; done`], {
    detached: true,
    env: { PATH: process.env['PATH'], TUTTI_RUN_DIR: mark },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child.pid ?? 0
}

it.runIf(process.platform === 'linux')('ends what carries the mark, and nothing else', async () => {
  const [ours, others] = await Promise.all([orphan(':', '/runs/a'), orphan(':', '/runs/a-longer-name')])
  expect(await endLeftovers('TUTTI_RUN_DIR', '/runs/a')).toBeGreaterThanOrEqual(1)
  await expect.poll(() => isRunning(ours)).toBe(false)
  expect(isRunning(others)).toBe(true)
  await endLeftovers('TUTTI_RUN_DIR', '/runs/a-longer-name')
})

it.runIf(process.platform === 'linux')('kills what does not listen', async () => {
  const stubborn = await orphan('trap "" TERM', '/runs/b')
  await endLeftovers('TUTTI_RUN_DIR', '/runs/b', 100)
  await expect.poll(() => isRunning(stubborn)).toBe(false)
})

it('finds nothing where there is nothing', async () => {
  expect(await endLeftovers('TUTTI_RUN_DIR', '/runs/nobody')).toBe(0)
})
