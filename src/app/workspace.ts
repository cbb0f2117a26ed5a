import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type * as z from 'zod'
import { resolveReferences, type Resolved } from '../config/env-references.ts'
import { doubtful } from '../config/doubtful.ts'
import { loadConfig, loadEnvironment, ONCE } from '../config/load.ts'
import type { Problem } from '../core/problem.ts'
import { createRedactor, type Redactor, type Secret } from '../core/redact.ts'
import { needsModel, ProviderOptions } from '../providers/registry.ts'
import { Config, type BuiltIn } from './config.ts'
import { receiversOf, type Receiver } from './receivers.ts'
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
  /** What a person chose on the command line. */
  choices: RunChoices
  settings: Settings
  /** The configuration's providers with `${NAME}` filled in, and the built-in ones. */
  providers: Record<string, ProviderOptions>
  /** The process's environment, and the workspace's `.env` below it. */
  environment: NodeJS.ProcessEnv
  /** What callers of the webhook door have to know; or why it is shut, where that was not meant. */
  webhook: { secret: string } | { shut: string | undefined }
  /** Environment variables that a provider refers to and that are not set, by the provider's name. */
  unset: Map<string, string[]>
  /** Who is told of what happens. */
  receivers: Receiver[]
  /** Names of variables that hold secrets: commands do not get them. */
  secretNames: string[]
  redactor: Redactor
  /** Things to say once, before anything runs. */
  warnings: Problem[]
}

/** Shorter values may be anything: `MAX_TOKEN=100`. */
const LIKE_A_SECRET = 16

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
}

/** Providers that are there under their type's name, unless the configuration uses the name itself. */
function builtIn(env: NodeJS.ProcessEnv): Record<BuiltIn, z.input<typeof ProviderOptions>> {
  const host = env['OLLAMA_HOST']
  return {
    rehearsal: { type: 'rehearsal' },
    command: { type: 'command' },
    // Ollama's own variable; without it the provider's default stands.
    ollama: { type: 'ollama', free: true, ...(host ? { host } : {}) },
    openai: { type: 'openai', api_key: '${OPENAI_API_KEY}' },
    anthropic: { type: 'anthropic', api_key: '${ANTHROPIC_API_KEY}' },
  }
}

/**
 * Opens a workspace: reads its configuration and environment.
 * @param dir the folder; relative to where the process runs
 * @param choices what the command line says
 * @param configuration `ignored`: for looking at what is there, when the configuration is broken; a text: as if `config.json` said that
 */
export async function openWorkspace(
  dir: string,
  choices: RunChoices,
  env: NodeJS.ProcessEnv,
  configuration: 'read' | 'ignored' | { text: string } = 'read',
): Promise<Workspace | { problems: Problem[] }> {
  const path = resolve(dir)
  if (!(await isFolder(path))) return { problems: [{ file: dir, message: 'there is no such folder; --workspace has to name one' }] }
  const loaded = configuration !== 'ignored' ? await loadConfig(path, Config, configuration === 'read' ? undefined : configuration.text) : { result: 'config' as const, config: Config.parse({}, ONCE), found: false }
  if (loaded.result === 'broken') return { problems: loaded.problems }
  const { config } = loaded
  const environment = await loadEnvironment(path, env)
  const { entries, secrets: ofProviders, unset } = resolveReferences({ ...builtIn(environment), ...config.providers }, environment)
  const door = resolveReferences({ remote: { secret: config.remote.webhook_secret } }, environment)
  const providers = Object.fromEntries(Object.entries(entries).map(([name, options]) => [name, ProviderOptions.parse(options, ONCE)]))
  const { receivers, secrets: ofReceivers } = receiversOf(config.notify, environment)
  const secrets = [...new Map([...ofProviders, ...ofReceivers, ...door.secrets].map((secret) => [secret.name, secret])).values()]
  const settings = settingsFrom(config, providers, choices, environment)
  const problems = unknownProviders(config, settings)
  if (problems.length > 0) return { problems }
  return {
    dir: path,
    tasks: join(path, 'tasks'),
    runs: join(path, 'runs'),
    config,
    configured: loaded.found,
    project: config.project ?? basename(path),
    choices,
    settings,
    providers,
    environment,
    webhook: webhookDoor(config, door),
    unset,
    receivers,
    secretNames: secrets.map(({ name }) => name),
    redactor: createRedactor([...secrets, ...secretsIn(environment)]),
    warnings: [...unusable(receivers), ...doubtful(config, providers, needsModel)],
  }
}

/** Values that are secrets by the names of their variables: an agent may be let see some, and must not get them into a log. */
function secretsIn(environment: NodeJS.ProcessEnv): Secret[] {
  return Object.entries(environment).flatMap(([name, value = '']) => (/(KEY|TOKEN|SECRET|PASSWORD)$/.test(name) && value.length >= LIKE_A_SECRET ? [{ name, value }] : []))
}

/** A secret that is not set, or that could be guessed, opens nothing. */
function webhookDoor({ remote: { webhook_secret } }: Config, { secrets: [found] }: Resolved): Workspace['webhook'] {
  if (webhook_secret === undefined) return { shut: undefined }
  if (found === undefined) return { shut: `remote.webhook_secret: ${webhook_secret} is not set` }
  return found.value.length < LIKE_A_SECRET ? { shut: `remote.webhook_secret: ${webhook_secret} has fewer than ${LIKE_A_SECRET} characters` } : { secret: found.value }
}

/** Names of providers that lead nowhere, wherever they were given. */
function unknownProviders(config: Config, { providers, override }: Settings): Problem[] {
  const known = `known providers: ${Object.keys(providers).join(', ')}`
  const inTiers = Object.entries(config.tiers).flatMap(([tier, routes]) =>
    routes
      .filter(({ provider }) => !Object.hasOwn(providers, provider))
      .map(({ provider }) => ({ file: 'config.json', message: `tiers.${tier}: there is no provider "${provider}"; ${known}` })),
  )
  const isWrong = override.provider !== undefined && !Object.hasOwn(providers, override.provider)
  const chosen = { file: '--provider (or TUTTI_PROVIDER, PROVIDER)', message: `there is no provider "${override.provider}"; ${known}` }
  return isWrong ? [...inTiers, chosen] : inTiers
}

function unusable(receivers: readonly Receiver[]): Problem[] {
  return receivers.flatMap(({ name, to }) => (to.is === 'nowhere' ? [{ file: 'config.json', message: `${name}: ${to.why}; what was to be sent there is kept in runs/undelivered.jsonl` }] : []))
}
