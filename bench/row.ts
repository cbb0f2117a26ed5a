import type { Contracts } from './contracts.ts'
import type { Line } from './figure.ts'

/** What a row needs of the bench. */
export type Bench = {
  /** How many rounds to measure: as many as the row asks for, or one for a first look. */
  rounds: (full: number) => number
  /** Runs one of `programs/` to its end, in a process of its own. @returns what it told */
  program: <Name extends keyof Contracts>(name: Name, given: Contracts[Name]['given']) => Promise<Contracts[Name]['told']>
  /** Starts one that goes on, and waits for what it tells first; it is ended with the bench. */
  server: <Name extends keyof Contracts>(name: Name, given: Contracts[Name]['given']) => Promise<{ told: Contracts[Name]['told']; stop: () => Promise<void> }>
  /** A new folder. It stays until all rows are done: taking thousands of files away costs whoever writes next. */
  folder: () => Promise<string>
  /** Whether `--bullmq` was given: the bench may fetch it for this one time. */
  mayFetchBullMq: boolean
}

/** A row of the table: one question about what Tutti costs. Several figures may answer it. */
export type Row = {
  name: string
  /** What is measured, from where to where. */
  about: string
  /** What it is held against. */
  baseline: string
  run: (bench: Bench) => Promise<Line[]>
}
