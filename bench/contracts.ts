import type { Event } from '../src/core/events.ts'
import type { Shape } from './plans.ts'

type Cost = { seconds: number; cpu_s: number }

/** What each of `programs/` is given, and what it tells. Folders and files are absolute paths. */
export type Contracts = {
  noop: {
    given: Durable & {
      /** Whether the manifest is kept, as it is as Tutti is shipped; the event log always is. */
      manifest: boolean
    }
    told: DurableTold
  }
  loop: { given: Durable & { /** A file that holds a `LogSample`. */ sample: string }; told: DurableTold }
  bullmq: { given: { folder: string; socket: string; tasks: number; at_once: number }; told: Cost }
  'app-run': {
    given: { dir: string; /** A task file in `dir`. */ plan: string; /** How many of its tasks can be done. */ expected: number }
    told: AppRunTold
  }
  spawner: { given: { how: 'spawn' | 'execa'; count: number; at_once: number }; told: Cost }
  'model-server': { given: { delay_ms: number }; told: { url: string } }
  caller: { given: { url: string; client: 'fetch' | 'openai' | 'undici'; calls: number; at_once: number }; told: Cost }
  'resume-floor': { given: { events: string; /** How many tasks have to be found ready. */ ready: number }; told: { ready: number } }
  watch: { given: { dir: string; drops: number }; told: WatchTold }
  'fs-watch': { given: { dir: string; drops: number }; told: WatchTold }
}

type Durable = { tasks: number; shape: Shape; /** Whether each task leaves a file. */ answers: boolean; dir: string }

export type DurableTold = Cost & { peak_mb: number; /** Of the event log. */ flushes: number; bytes: number }

/** What a log says, for whoever writes the same without a conductor: of the run, and of one task. */
export type LogSample = { run: Event[]; added: Extract<Event, { type: 'task.added' }>; later: Event[] }

export type AppRunTold = {
  /** From reading the configuration to the end, everything on disk. */
  whole: Cost
  /** The same without reading the configuration and the plan. */
  run: Cost
  /** From the first attempt to the end of the last task. */
  work: Cost
  peak_mb: number
  /** Of all files. */
  flushes: number
}

/** `grown_mb`: memory that the watching itself takes. `drop_ms`: from the write of a file on, one number a file. */
export type WatchTold = { ready_ms: number; grown_mb: number; drop_ms: number[] }
