import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { execa } from 'execa'
import type { Event } from '../../src/core/events.ts'
import { reduce } from '../../src/core/reduce.ts'
import { emptyState, type RunState } from '../../src/core/state.ts'
import { readEvents } from '../../src/store/read-events.ts'
import { listRunIds } from '../../src/store/run-folder.ts'

/** The program as it is shipped: `npm run chaos` and `npm test` build it first. */
const PROGRAM = resolve('dist/main.js')

/** Nothing of the developer's own environment may choose a provider. */
const ENV = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', TZ: 'UTC', LANG: 'C.UTF-8' }

/** A whole run of the program may take so long, in ms, where nothing else is said: a longer one hangs. */
const HANGS_AFTER_MS = 120_000

export type Ended = { code: number | undefined; stdout: string; stderr: string; all: string }

type Started = { pid: number; ended: Promise<Ended>; kill: (signal: NodeJS.Signals) => void }

/** A folder in which the program is run, by itself or by many at once. */
export type Place = {
  /** As the program sees it. */
  dir: string
  /** A path in it as this process sees it. */
  at: (path: string) => string
  write: (path: string, text: string | Uint8Array) => Promise<void>
  read: (path: string) => Promise<string>
  /** Names in a folder, sorted; none where there is no folder. */
  list: (path: string) => Promise<string[]>
  start: (args: readonly string[], env?: Record<string, string>) => Started
  /** Runs the program to its end. */
  tutti: (args: readonly string[], env?: Record<string, string>) => Promise<Ended>
  /** Paths of the newest run. Throws where there is none. */
  newest: () => Promise<{ id: string; path: string; events: string }>
  /** Its events, and what they come to. Throws where they cannot be understood. */
  record: () => Promise<{ events: Event[]; state: RunState; torn: number }>
  /** Kills what is still running. */
  end: () => Promise<void>
}

/**
 * @param dir absolute, and made where it is not there
 * @param elsewhere where the program is to see other mounts than this process: what stands before a command line to have it there, and where its root lies
 * @param hangs_after_ms how long a run of the program may take
 */
export async function openPlace(dir: string, elsewhere: { within: (dir: string) => readonly string[]; root: string } = { within: () => [], root: '/' }, hangs_after_ms: number = HANGS_AFTER_MS): Promise<Place> {
  const running = new Map<number, Promise<Ended>>()
  const at = (path: string) => join(elsewhere.root, dir, path)
  await mkdir(at('.'), { recursive: true })

  function start(args: readonly string[], env: Record<string, string> = {}): Started {
    const [program, ...given] = [...elsewhere.within(dir), process.execPath, PROGRAM, ...args]
    const child = execa(program ?? process.execPath, given, { cwd: at('.'), all: true, reject: false, stdin: 'ignore', extendEnv: false, env: { ...ENV, ...env }, timeout: hangs_after_ms, killSignal: 'SIGKILL', maxBuffer: 50_000_000 })
    const { pid } = child
    if (pid === undefined) throw new Error('the program could not be started')
    const ended = child.then(({ exitCode, stdout, stderr, all, timedOut }) => {
      running.delete(pid)
      if (timedOut) throw new Error(`tutti ${args.join(' ')} has not come back within ${hangs_after_ms / 1000} s; it said:\n${all}`)
      return { code: exitCode, stdout, stderr, all }
    })
    running.set(pid, ended)
    return { pid, ended, kill: (signal) => void child.kill(signal) }
  }

  async function newest() {
    const id = (await listRunIds(at('runs'))).at(-1)
    if (id === undefined) throw new Error('there is no run')
    return { id, path: at(`runs/${id}`), events: at(`runs/${id}/events.jsonl`) }
  }

  return {
    dir,
    at,
    write: async (path, text) => {
      await mkdir(dirname(at(path)), { recursive: true })
      await writeFile(at(path), text)
    },
    read: (path) => readFile(at(path), 'utf8'),
    list: async (path) => (await readdir(at(path)).catch((): string[] => [])).sort(),
    start,
    tutti: (args, env) => start(args, env).ended,
    newest,
    record: async () => {
      const events: Event[] = []
      const state = emptyState()
      const { torn } = await readEvents((await newest()).events, (event) => {
        events.push(event)
        reduce(state, event)
      })
      return { events, state, torn }
    },
    end: async () => {
      for (const pid of running.keys()) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // It has ended by itself.
        }
      }
      await Promise.allSettled(running.values())
    },
  }
}
