import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { bundling } from '../scripts/bundling.mjs'
import type { Contracts } from './contracts.ts'

/** What was started and goes on. Nothing of it outlives the bench. */
const running = new Set<ChildProcess>()
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))

/**
 * Bundles `programs/` as Tutti itself is bundled, so that a process holds nothing but what is measured in it.
 * @param dir where the bundles go
 */
export async function bundlePrograms(dir: string): Promise<void> {
  const folder = new URL('programs/', import.meta.url).pathname
  const entryPoints = (await readdir(folder)).map((name) => join(folder, name))
  await build({ ...bundling('0'), entryPoints, outdir: dir, outExtension: { '.js': '.mjs' } })
}

/** Runs a program to its end. @returns what its last line on stdout says, in JSON */
export async function runProgram<Name extends keyof Contracts>(dir: string, name: Name, given: Contracts[Name]['given']): Promise<Contracts[Name]['told']> {
  const child = start(dir, name, given)
  let last = ''
  for await (const line of createInterface(child.stdout)) last = line
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  if (child.exitCode !== 0) throw new Error(`bench/programs/${name} ended with ${child.exitCode ?? child.signalCode}`)
  return JSON.parse(last) as Contracts[Name]['told']
}

/** Starts a program that goes on, and waits for its first line. */
export async function startProgram<Name extends keyof Contracts>(dir: string, name: Name, given: Contracts[Name]['given']): Promise<{ told: Contracts[Name]['told']; stop: () => Promise<void> }> {
  const child = start(dir, name, given)
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const stop = async () => {
    child.kill()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  return { told: JSON.parse(line) as Contracts[Name]['told'], stop }
}

function start(dir: string, name: string, given: object) {
  const child = spawn(process.execPath, [join(dir, `${name}.mjs`), JSON.stringify(given)], { stdio: ['ignore', 'pipe', 'inherit'] })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}
