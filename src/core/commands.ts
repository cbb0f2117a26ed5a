import type { CheckRow, FileRecord, RefusedFile } from './outcome.ts'
import type { Route } from './route.ts'
import type { FileStatus, TaskSpec } from './task.ts'

/** A dependency's result, to be forwarded into the prompt. */
export type Dependency = { id: string; title: string; output: FileRecord | undefined }

/** What the core asks the runtime to do next. Performing it yields a report. */
export type Command =
  | {
      type: 'start-attempt'
      spec: TaskSpec
      attempt: number
      route: Route
      timeout_s: number
      dependencies: Dependency[]
      /** What the last attempt's checks missed; empty at the first. */
      feedback: CheckRow[]
    }
  | { type: 'interrupt-attempt'; task: string; attempt: number }
  | { type: 'check'; spec: TaskSpec; attempt: number; output: FileRecord | undefined; files: FileRecord[]; refused: RefusedFile[] }
  | { type: 'file'; file: string; path: string; status: FileStatus; content_sha256: string }
  | { type: 'open-gate'; task: string }
  /** Everything has ended. */
  | { type: 'close'; status: 'succeeded' | 'failed' | 'cancelled' }
  /** Nothing can go on for now, or the conductor was asked to leave. */
  | { type: 'leave'; reason: string }
