// Spawns `true` again and again from a process that holds nothing else.
import { spawn } from 'node:child_process'
import { given, stopwatch, tell } from '../process-cost.ts'

const { count, at_once, how } = given('spawner')

const once = how === 'execa' ? await withExeca() : withSpawn
let left = count
const stop = stopwatch()
await Promise.all(Array.from({ length: at_once }, spawnOn))
tell('spawner', stop())

async function spawnOn(): Promise<void> {
  while (left-- > 0) await once()
}

function withSpawn(): Promise<unknown> {
  return new Promise((resolve, reject) => {
    spawn('true', { stdio: 'ignore' }).once('error', reject).once('close', resolve)
  })
}

async function withExeca(): Promise<() => Promise<unknown>> {
  const { execa } = await import('execa')
  return () => execa('true')
}
