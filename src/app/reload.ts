import { join } from 'node:path'
import { errorMessage } from '../core/error.ts'
import type { Event } from '../core/events.ts'
import type { Problem } from '../core/problem.ts'
import { isRecord } from '../tasks/syntax/tree.ts'
import { watchFile } from '../watcher/file.ts'
import type { Conductor } from './conductor.ts'
import { pricesOfTasks } from './prices.ts'
import { settingsFrom } from './settings.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

/** Sections that hold from the moment on in which they are changed; of the others it is said that they do not. */
const AT_ONCE = ['tiers', 'routing', 'budget', 'prices', 'approval', 'gates'] as const
/** The same within `execution`. */
const EXECUTION_AT_ONCE = ['max_concurrent', 'per_provider', 'timeout_s', 'first_token_timeout_s', 'idle_timeout_s', 'max_tokens', 'retries', 'stop_grace_s'] as const

/** What a change of `config.json` came to. */
export type Reloaded = {
  problems: Problem[]
  /** What holds now, and what does once Tutti is started again: keys as they stand in the file. */
  changed: string[]
  later: string[]
  /** What it caused in the run that is open. */
  events: readonly Event[]
}

/** One change after the other: the file may change while a door changes it. */
const turns = new WeakMap<Workspace, Promise<unknown>>()

/** Works on the configuration when nobody else in this process does. */
export function inTurn<Result>(workspace: Workspace, work: () => Promise<Result>): Promise<Result> {
  const turn = (turns.get(workspace) ?? Promise.resolve()).then(work)
  turns.set(workspace, turn.catch(() => undefined))
  return turn
}

/**
 * Reads the configuration again whenever it changes: what is safe to change holds at once, for the open run and for those
 * after it.
 * @param told is told of each change
 * @returns ends it
 */
export function reloadConfig(conductor: Conductor, told: (reloaded: Reloaded) => void): () => void {
  const { workspace } = conductor
  return watchFile(join(workspace.dir, 'config.json'), () => {
    void inTurn(workspace, async () => {
      // A file that nobody may read, or a folder in its place, is no reason to end the work.
      const reloaded = await reload(conductor).catch((error: unknown) => unchanged([{ file: 'config.json', message: errorMessage(error) }]))
      if (reloaded.problems.length + reloaded.changed.length + reloaded.later.length > 0) told(reloaded)
    })
  })
}

/** @param changed_by who has changed it, where that was through a door */
export async function reload({ workspace, run, submit }: Conductor, changed_by?: string): Promise<Reloaded> {
  const opened = await openWorkspace(workspace.dir, workspace.choices, process.env)
  if ('problems' in opened) return unchanged(opened.problems)
  const { changed, later } = differences(workspace.config, opened.config)
  if (changed.length === 0) return { problems: [], changed, later, events: [] }
  const config = merged(workspace.config, opened.config)
  const unknown = unknownProviders(config, workspace)
  if (unknown.length > 0) return unchanged(unknown)
  const settings = { ...settingsFrom(config, workspace.providers, workspace.choices, workspace.environment), when_held: workspace.settings.when_held }
  // Runs that are opened from now on go by it too.
  Object.assign(workspace, { config, settings })
  const isOpen = run?.handle.state.phase.phase === 'open'
  if (run === undefined || !isOpen) return { problems: [], changed, later, events: [] }
  const specs = [...run.handle.state.tasks.values()].map(({ spec }) => spec)
  const prices = await pricesOfTasks(workspace, specs)
  const kept = { override: run.handle.state.settings?.override ?? settings.override, no_cache: run.handle.state.settings?.no_cache ?? settings.no_cache }
  const { events } = await submit({ type: 'reconfigure', settings: { ...settings, ...kept }, prices, keys: changed, ...(changed_by === undefined ? {} : { changed_by }) })
  return { problems: [], changed, later, events }
}

const unchanged = (problems: Problem[]): Reloaded => ({ problems, changed: [], later: [], events: [] })

type Config = Workspace['config']

function merged(before: Config, now: Config): Config {
  const sections = Object.fromEntries(AT_ONCE.map((key) => [key, now[key]]))
  const execution = Object.fromEntries(EXECUTION_AT_ONCE.map((key) => [key, now.execution[key]]))
  return { ...before, ...sections, execution: { ...before.execution, ...execution } }
}

/** Whether a change of this takes effect without a new start. */
export function holdsAtOnce(section: string, key: string): boolean {
  return AT_ONCE.some((each) => each === section) || (section === 'execution' && EXECUTION_AT_ONCE.some((each) => each === key))
}

/** Keys that differ, two steps deep: `budget.daily_usd`. */
function differences(before: Config, now: Config): { changed: string[]; later: string[] } {
  const changed: string[] = []
  const later: string[] = []
  for (const section of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const [old, new_] = [Reflect.get(before, section) as unknown, Reflect.get(now, section) as unknown]
    for (const [key, name] of keysOf(section, old, new_)) {
      if (same(key === undefined ? old : valueOf(old, key), key === undefined ? new_ : valueOf(new_, key))) continue
      ;(holdsAtOnce(section, key ?? '') ? changed : later).push(name)
    }
  }
  return { changed, later }
}

function keysOf(section: string, old: unknown, now: unknown): [key: string | undefined, name: string][] {
  if (!isRecord(old) || !isRecord(now)) return [[undefined, section]]
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].map((key) => [key, `${section}.${key}`])
}

const valueOf = (value: unknown, key: string) => (isRecord(value) ? value[key] : undefined)
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** Tiers may name a provider that is there only once Tutti is started again. */
function unknownProviders({ tiers }: Config, { providers }: Workspace): Problem[] {
  return Object.entries(tiers).flatMap(([tier, routes]) =>
    routes.flatMap(({ provider }) => (Object.hasOwn(providers, provider) ? [] : [{ file: 'config.json', message: `tiers.${tier} names the provider "${provider}", which is there once Tutti is started again; until then nothing of the change holds` }])),
  )
}
