import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Bench } from './row.ts'
import { waitFor } from './wait-for.ts'

type Jobs = { jobs: (tasks: number, at_once: number) => Promise<{ seconds: number }>; stop: () => Promise<void> }

/** A Redis of the bench's own that flushes every append, and BullMQ on it; or why there is none. */
export async function withBullMq(bench: Bench): Promise<Jobs | { why: string }> {
  const server = process.env['REDIS_SERVER'] ?? 'redis-server'
  const isThere = await promisify(execFile)(server, ['--version']).then(() => true, () => false)
  if (!isThere) return { why: 'there is no redis-server on this machine (REDIS_SERVER may name one)' }
  const dir = await bench.folder()
  const folder = await bullMqFolder(dir, bench.mayFetchBullMq)
  if (folder === undefined) return { why: 'there is no bullmq (BULLMQ may name its folder, and --bullmq fetches it for this one time)' }

  const socket = join(dir, 'redis.sock')
  const redis = spawn(server, ['--port', '0', '--unixsocket', socket, '--dir', dir, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always'], { stdio: 'ignore' })
  const end = () => void redis.kill('SIGKILL')
  process.once('exit', end)
  await waitFor(() => access(socket).then(() => true, () => false))
  return {
    jobs: (tasks, at_once) => bench.program('bullmq', { folder, socket, tasks, at_once }),
    stop: async () => {
      process.off('exit', end)
      redis.kill()
      if (redis.exitCode === null && redis.signalCode === null) await once(redis, 'exit')
    },
  }
}

async function bullMqFolder(dir: string, mayFetch: boolean): Promise<string | undefined> {
  const named = process.env['BULLMQ']
  if (named !== undefined) return named
  if (mayFetch) {
    await promisify(execFile)('npm', ['install', '--prefix', dir, '--no-save', '--no-audit', '--no-fund', 'bullmq', 'ioredis'])
    return join(dir, 'node_modules/bullmq')
  }
  try {
    return createRequire(import.meta.url).resolve('bullmq')
  } catch {
    return undefined
  }
}
