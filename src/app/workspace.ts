import { basename, join, resolve } from 'node:path'
import type { z } from 'zod'
import { resolveReferences } from '../config/env-references.ts'
import { loadConfig, loadEnvironment } from '../config/load.ts'
import type { Problem } from '../core/problem.ts'
import { createRedactor, type Redactor } from '../core/redact.ts'
import { ProviderOptions } from '../providers/registry.ts'
import { Config } from './config.ts'
import { settingsFrom, type RunChoices } from './settings.ts'
import type { Settings } from '../core/settings.ts'

/** A workspace and everything its configuration says, with nothing started yet. */
export type Workspace = {
  /** Absolute, as are the two below. */
  dir: string
  tasks: string
  runs: string
  config: Config
  /** Whether there is a `config.json`. */
  configured: boolean
  project: string
  settings: Settings
  /** The configuration's providers with `${NAME}` filled in, and the built-in ones. */
  providers: Record<string, ProviderOptions>
  /** Environment variables that a provider refers to and that are not set, by the provider's name. */
  unset: Map<string, string[]>
  /** Names of variables that hold secrets: commands do not get them. */
  secretNames: string[]
  redactor: Redactor
  /** Things to say once, before anything runs. */
  warnings: Problem[]
}

/** Providers that are there under their type's name, unless the configuration uses the name itself. */
function builtIn(env: NodeJS.ProcessEnv): Record<string, z.input<typeof ProviderOptions>> {
  const host = env['OLLAMA_HOST']
  return {
    rehearsal: { type: 'rehearsal' },
    command: { type: 'command' },
    // Ollama's own variable; without it the provider's default stands.
    ollama: { type: 'ollama', free: true, ...(host ? { host } : {}) },
    openai: { type: 'openai', api_key: '${OPENAI_API_KEY}' },
  }
}

/**
 * Opens a workspace: reads its configuration and environment.
 * @param dir the folder; relative to where the process runs
 * @param choices what the command line says
 */
export async function openWorkspace(dir: string, choices: RunChoices, env: NodeJS.ProcessEnv): Promise<Workspace | { problems: Problem[] }> {
  const path = resolve(dir)
  const loaded = await loadConfig(path, Config)
  if (loaded.result === 'broken') return { problems: loaded.problems }
  const { config } = loaded
  const environment = await loadEnvironment(path, env)
  const { entries, secrets, unset } = resolveReferences({ ...builtIn(environment), ...config.providers }, environment)
  const providers = Object.fromEntries(Object.entries(entries).map(([name, options]) => [name, ProviderOptions.parse(options)]))
  const settings = settingsFrom(config, providers, choices, environment)
  return {
    dir: path,
    tasks: join(path, 'tasks'),
    runs: join(path, 'runs'),
    config,
    configured: loaded.found,
    project: config.project ?? basename(path),
    settings,
    providers,
    unset,
    secretNames: secrets.map(({ name }) => name),
    redactor: createRedactor(secrets),
    warnings: warningsOf(config),
  }
}

function warningsOf(config: Config): Problem[] {
  const { daily_usd, monthly_usd, per_project_usd, per_run_usd } = config.budget
  const hasLimit = [daily_usd, monthly_usd, per_project_usd, per_run_usd].some((limit) => limit !== null)
  const warnings: Problem[] = []
  if (hasLimit) warnings.push({ file: 'config.json', message: 'budget: limits are read, but this version does not enforce them yet' })
  if (config.approval.checkpoint_after_types.length > 0) {
    warnings.push({ file: 'config.json', message: 'approval.checkpoint_after_types: reviews are read, but this version does not hold tasks for them yet' })
  }
  return warnings
}
