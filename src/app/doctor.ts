import { access, constants } from 'node:fs/promises'
import { execa } from 'execa'
import { errorCode, errorMessage } from '../core/error.ts'
import { unknownPriceAdvice } from '../core/price.ts'
import { isAgent, type Target } from '../core/route.ts'
import { priceText } from '../core/views/price-text.ts'
import type { Health } from '../providers/provider.ts'
import { conductorOf } from './lock.ts'
import { priceOf } from './prices.ts'
import { createProviders } from './providers.ts'
import type { Workspace } from './workspace.ts'

/** One thing that was looked at. */
export type Finding = { what: string; state: Health['state'] | 'absent'; detail: string }

export type Diagnosis = { providers: Finding[]; routes: Finding[]; agents: Finding[]; keys: Finding[]; folders: Finding[] }

/** Agent CLIs that tasks can be given to: the program of each type of provider. */
const AGENTS: Readonly<Record<string, string>> = { 'claude-code': 'claude', codex: 'codex', gemini: 'gemini', opencode: 'opencode', qwen: 'qwen' }
const LOOK_MS = 3_000

/** Looks at everything a run would need, all at once, for at most a few seconds. */
export async function diagnose(workspace: Workspace): Promise<Diagnosis> {
  const [providers, routes, agents, folders] = await Promise.all([
    Promise.all(providersInUse(workspace).map((name) => lookAtProvider(workspace, name))),
    Promise.all(routesInUse(workspace).map((route) => lookAtRoute(workspace, route))),
    Promise.all(agentsBeside(workspace).map(lookAtAgent)),
    Promise.all([workspace.tasks, workspace.runs].map(lookAtFolder)),
  ])
  const pid = await conductorOf(workspace)
  if (pid !== undefined) folders.push({ what: 'conductor', state: 'ready', detail: `process ${pid} works in this workspace` })
  return { providers, routes, agents, folders, keys: lookAtKeys(workspace) }
}

/** The configured ones, and of the built-in ones those that need nothing but themselves, and Ollama. */
function providersInUse({ config }: Workspace): string[] {
  return [...new Set([...Object.keys(config.providers), 'ollama', 'command', 'rehearsal'])]
}

async function lookAtProvider(workspace: Workspace, name: string): Promise<Finding> {
  const provider = await createProviders(workspace)(name)
  const health = await provider.health(AbortSignal.timeout(LOOK_MS))
  const type = workspace.providers[name]?.type
  const what = type === name ? name : `${name} (${type})`
  const isAbsent = health.state !== 'ready' && !isWanted(workspace, name)
  return { what, state: isAbsent ? 'absent' : health.state, detail: workspace.redactor.text(health.detail) }
}

/** Whether anybody asked for a provider; one that is built in may just as well not be there. */
function isWanted({ config, settings }: Workspace, name: string): boolean {
  const inTiers = Object.values(settings.tiers).some((routes) => routes.some(({ provider }) => provider === name))
  return Object.hasOwn(config.providers, name) || inTiers || settings.override.provider === name
}

/** Those that no configured provider runs: what is configured is looked at as a provider, with its own program. */
function agentsBeside({ config }: Workspace): string[] {
  const configured = new Set<string>(Object.values(config.providers).map(({ type }) => type))
  return Object.entries(AGENTS).flatMap(([type, program]) => (configured.has(type) ? [] : [program]))
}

type TierRoute = Target & { tier: string | undefined }

/** What tasks go to that do not name a provider. */
function routesInUse({ settings }: Workspace): TierRoute[] {
  const tiers = Object.entries(settings.tiers).flatMap(([tier, routes]) => routes.map((route) => ({ ...route, tier })))
  const provider = settings.default_provider
  return tiers.length > 0 ? tiers : [{ provider, model: settings.providers[provider]?.model, tier: undefined }]
}

/** What attempts on it cost; without that its tasks are held. */
async function lookAtRoute(workspace: Workspace, { tier, provider, model = workspace.settings.providers[provider]?.model }: TierRoute): Promise<Finding> {
  const price = await priceOf(workspace, { provider, model })
  const what = [tier, provider, model].filter((part) => part !== undefined).join(' · ')
  if (price !== undefined) return { what, state: 'ready', detail: priceText(price) }
  return { what, state: 'unreachable', detail: unknownPriceAdvice({ provider, model }, isAgent(workspace.settings, provider)) }
}

async function lookAtAgent(program: string): Promise<Finding> {
  const { exitCode, stdout } = await execa(program, ['--version'], { reject: false, timeout: LOOK_MS, stdin: 'ignore' })
  const version = stdout?.split('\n')[0] ?? ''
  return exitCode === 0 ? { what: program, state: 'ready', detail: version } : { what: program, state: 'absent', detail: 'not installed' }
}

/** Which of the variables that the configuration refers to are set; never what they hold. */
function lookAtKeys({ config, unset, secretNames, receivers }: Workspace): Finding[] {
  const missing = Object.keys(config.providers).flatMap((provider) => (unset.get(provider) ?? []).map((name) => ({ name, provider })))
  return [
    ...secretNames.map((name): Finding => ({ what: name, state: 'ready', detail: 'set' })),
    ...missing.map(({ name, provider }): Finding => ({ what: name, state: 'misconfigured', detail: `not set; providers.${provider} refers to it` })),
    ...receivers.flatMap(({ name, to }): Finding[] => (to.is === 'nowhere' ? [{ what: name, state: 'misconfigured', detail: to.why }] : [])),
  ]
}

async function lookAtFolder(path: string): Promise<Finding> {
  try {
    await access(path, constants.W_OK)
    return { what: path, state: 'ready', detail: 'writable' }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { what: path, state: 'absent', detail: 'not there yet; it is made when it is needed' }
    return { what: path, state: 'misconfigured', detail: `not writable: ${errorMessage(error)}` }
  }
}
