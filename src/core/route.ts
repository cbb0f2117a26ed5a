import { z } from 'zod'
import type { Settings } from './settings.ts'
import type { TaskSpec } from './task.ts'

/** A provider and, where it has models, the one to use. */
export const Route = z.object({
  provider: z.string(),
  model: z.string().optional(),
  tier: z.string().optional(),
  /** Why this one, in words for a person. */
  reason: z.string(),
})
export type Route = z.infer<typeof Route>

/** The provider that carries out `command` tasks; it is always there. */
export const COMMAND_PROVIDER = 'command'
/** The provider that is there when none is configured: it calls no model. */
export const REHEARSAL_PROVIDER = 'rehearsal'
/** Shown beside every result that a rehearsal produced. */
export const REHEARSAL_LABEL = 'rehearsal: no model was called'

/**
 * Chooses where a task runs. The nearest word wins: the run's own choice (`--provider`, `--model`,
 * the environment), then the task's `provider` or `model`, then its `tier`, then the tier of its
 * type, then the default tier.
 */
export function chooseRoute(spec: TaskSpec, settings: Settings): Route | { problem: string } {
  if (spec.work.kind === 'command') {
    const named = spec.provider
    const runsCommands = named !== undefined && own(settings.providers, named)?.type === COMMAND_PROVIDER
    return { provider: runsCommands ? named : COMMAND_PROVIDER, reason: 'a command runs on this machine' }
  }

  const { override } = settings
  if (override.provider !== undefined) {
    const own = spec.provider === override.provider ? spec.model : undefined
    return onProvider(settings, override.provider, override.model ?? own, `this run was asked to use ${override.provider}`)
  }
  if (spec.provider !== undefined) {
    return onProvider(settings, spec.provider, override.model ?? spec.model, `the task names ${spec.provider}`)
  }

  const tier = tierOf(spec, settings)
  const routes = tier.name === undefined ? undefined : own(settings.tiers, tier.name)
  if (tier.name !== undefined && tier.named && routes === undefined) {
    return { problem: `the tier "${tier.name}" is not in the configuration; ${known('tiers', Object.keys(settings.tiers))}` }
  }

  const model = override.model ?? spec.model
  if (model !== undefined) {
    for (const [name, candidates] of Object.entries(settings.tiers)) {
      const match = candidates.find((candidate) => candidate.model === model)
      if (match !== undefined) return { ...match, tier: name, reason: `the model ${model} stands in the tier ${name}` }
    }
  }

  const first = routes?.[0]
  if (first !== undefined && tier.name !== undefined) {
    const chosen = model ?? first.model ?? settings.providers[first.provider]?.model
    return { provider: first.provider, ...(chosen === undefined ? {} : { model: chosen }), tier: tier.name, reason: tier.reason }
  }
  return onProvider(settings, settings.default_provider, model, onlyChoice(settings))
}

function onlyChoice(settings: Settings): string {
  return settings.default_provider === REHEARSAL_PROVIDER
    ? 'no provider is configured'
    : `${settings.default_provider} is the first provider in the configuration`
}

function tierOf(spec: TaskSpec, settings: Settings): { name: string | undefined; named: boolean; reason: string } {
  if (spec.tier !== undefined) return { name: spec.tier, named: true, reason: `the task asks for the tier ${spec.tier}` }
  const byType = spec.type === undefined ? undefined : own(settings.routing.by_type, spec.type)
  if (byType !== undefined) return { name: byType, named: true, reason: `type ${spec.type} goes to the tier ${byType}` }
  const name = settings.routing.default_tier ?? Object.keys(settings.tiers)[0]
  return { name, named: settings.routing.default_tier !== undefined, reason: `${name} is the default tier` }
}

function onProvider(settings: Settings, name: string, model: string | undefined, reason: string): Route | { problem: string } {
  const provider = own(settings.providers, name)
  if (provider === undefined) {
    return { problem: `the provider "${name}" is not in the configuration; ${known('providers', Object.keys(settings.providers))}` }
  }
  if (provider.type === COMMAND_PROVIDER) {
    return { problem: `the provider "${name}" runs commands, and this task is a prompt; give it a "command:" or another provider` }
  }
  const chosen = model ?? provider.model ?? firstModelOf(settings, name)
  return { provider: name, ...(chosen === undefined ? {} : { model: chosen }), reason }
}

/** Names come from people: "constructor" is no provider. */
function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** A provider that a tier already uses is asked for the model it is used with there. */
function firstModelOf(settings: Settings, provider: string): string | undefined {
  return Object.values(settings.tiers)
    .flat()
    .find((route) => route.provider === provider)?.model
}

function known(what: string, names: string[]): string {
  return names.length === 0 ? `there are no ${what} in it` : `known ${what}: ${names.join(', ')}`
}
