import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { execa } from 'execa'
import type { Event } from '../../src/core/events.ts'
import { Manifest } from '../../src/core/views/manifest.ts'

/** The program as it is shipped. `npm test` and `npm run chaos` build it first. */
const PROGRAM = resolve('dist/main.js')

/** Nothing of the developer's own environment may choose a provider. */
const ENV = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', TZ: 'UTC', LANG: 'C.UTF-8' }

/** Beside the workspace's own environment. */
type StartOptions = {
  env?: Record<string, string>
  /** What it reads from stdin; nothing, where absent. */
  input?: string
}

/** The program while it runs; waited for, what it came to. */
export type RunningProgram = Promise<{ exitCode?: number; stdout: string; stderr: string }> & {
  pid?: number
  kill: (signal: NodeJS.Signals) => boolean
  /** What it says, as it says it. */
  stdout_stream: Readable
  stderr_stream: Readable
}

/** A workspace on disk, and the program to run in it. */
export type TestWorkspace = {
  dir: string
  write: (path: string, text: string | Uint8Array) => Promise<string>
  read: (path: string) => Promise<string>
  /** Names in a folder, sorted, without those that begin with a dot. */
  list: (path: string) => Promise<string[]>
  /** Runs the program to its end. */
  tutti: (args: string[], options?: StartOptions) => Promise<{ code: number | undefined; stdout: string; stderr: string }>
  /** Starts the program; whoever made the workspace sees to its end. */
  start: (args: string[], options?: StartOptions) => RunningProgram
  /** The newest run's folder, manifest and events. */
  run: () => Promise<{ id: string; path: string; manifest: Manifest; events: Event[] }>
}

/**
 * A workspace in a folder that is there.
 * @param started is told of each program that was started, so that none outlives whoever wanted it
 */
export function workspaceIn(dir: string, started: (program: RunningProgram) => void): TestWorkspace {
  const start = (args: string[], options: StartOptions = {}): RunningProgram => {
    const child = execa(process.execPath, [PROGRAM, ...args], {
      cwd: dir,
      reject: false,
      ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
      extendEnv: false,
      env: { ...ENV, ...options.env },
    })
    const program = Object.assign(child, { stdout_stream: child.stdout, stderr_stream: child.stderr })
    started(program)
    return program
  }
  const workspace: TestWorkspace = {
    dir,
    write: async (path, text) => {
      await mkdir(dirname(join(dir, path)), { recursive: true })
      await writeFile(join(dir, path), text)
      return path
    },
    read: (path) => readFile(join(dir, path), 'utf8'),
    list: async (path) => (await readdir(join(dir, path)).catch(() => [])).filter((name) => !name.startsWith('.')).sort(),
    tutti: async (args, options) => {
      const { exitCode, stdout, stderr } = await start(args, options)
      return { code: exitCode, stdout, stderr }
    },
    start,
    run: async () => {
      const id = (await workspace.list('runs')).findLast((name) => /^\d{8}-/.test(name))
      if (id === undefined) throw new Error('there is no run')
      const path = join(dir, 'runs', id)
      const manifest = Manifest.parse(JSON.parse(await readFile(join(path, 'manifest.json'), 'utf8')))
      return { id, path, manifest, events: await readEventLines(join(path, 'events.jsonl')) }
    },
  }
  return workspace
}

export async function readEventLines(path: string): Promise<Event[]> {
  const lines = (await readFile(path, 'utf8')).split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Event)
}
