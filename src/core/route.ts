import * as z from 'zod'
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

/** A route as a tier lists it. */
export type Target = { provider: string; model?: string | undefined }

/** One tier of a task's ladder, or the only route that a task may take. Its routes are tried in their order. */
export type Rung = { tier: string | undefined; reason: string; routes: readonly Target[] }

/**
 * Where a task may run. It begins at `start`; it moves up, at most to the last rung, when its checks are not
 * met, and down when the money for a rung is not there.
 */
export type Ladder = { rungs: readonly Rung[]; start: number }

/** The provider that carries out `command` tasks; it is always there. */
export const COMMAND_PROVIDER = 'command'
/** The provider that is there when none is configured: it calls no model. */
export const REHEARSAL_PROVIDER = 'rehearsal'
/** Whether a provider of this name is an agent CLI. */
export function isAgent(settings: Settings, provider: string): boolean {
  return own(settings.providers, provider)?.agent === true
}

/** Shown beside every result that a rehearsal produced. */
export const REHEARSAL_LABEL = 'rehearsal: no model was called'

/**
 * The ladder of a task. The nearest word wins: the run's own choice (`--provider`, `--model`, the
 * environment), then the task's `provider` or `model`, then its `tier`, then the tier of its type, then
 * the default tier. Only a task that is sent to a tier may leave it.
 */
export function ladderOf(spec: TaskSpec, settings: Settings): Ladder | { problem: string } {
  if (spec.work.kind === 'command') {
    const named = spec.provider
    const runsCommands = named !== undefined && own(settings.providers, named)?.type === COMMAND_PROVIDER
    return only({ provider: runsCommands ? named : COMMAND_PROVIDER }, 'a command runs on this machine')
  }

  const { override } = settings
  if (override.provider !== undefined) {
    const named = spec.provider === override.provider ? spec.model : undefined
    return onProvider(settings, override.provider, override.model ?? named, `this run was asked to use ${override.provider}`)
  }
  if (spec.provider !== undefined) {
    return onProvider(settings, spec.provider, override.model ?? spec.model, `the task names ${spec.provider}`)
  }

  const unknown = [spec.tier, spec.max_tier].find((name) => name !== undefined && own(settings.tiers, name) === undefined)
  if (unknown !== undefined) return noSuchTier(unknown, settings)
  const tier = tierOf(spec, settings)
  const routes = tier.name === undefined ? undefined : own(settings.tiers, tier.name)
  if (tier.name !== undefined && tier.named && routes === undefined) return noSuchTier(tier.name, settings)

  const model = override.model ?? spec.model
  if (model !== undefined) {
    for (const [name, candidates] of Object.entries(settings.tiers)) {
      const match = candidates.find((candidate) => candidate.model === model)
      if (match !== undefined) return only(match, `the model ${model} stands in the tier ${name}`, name)
    }
  }

  const first = routes?.[0]
  if (first === undefined || tier.name === undefined) return onProvider(settings, settings.default_provider, model, onlyChoice(settings))
  if (model !== undefined) return only({ provider: first.provider, model }, tier.reason, tier.name)
  return tiersFrom(tier.name, tier.reason, spec.max_tier ?? settings.routing.max_tier, settings)
}

/** The route that a task begins with, or why there is none. */
export function chooseRoute(spec: TaskSpec, settings: Settings): Route | { problem: string } {
  const ladder = ladderOf(spec, settings)
  return 'problem' in ladder ? ladder : routeAt(ladder, ladder.start, 0)
}

/** The route at a place of a ladder. A place that is not there is a bug. */
export function routeAt({ rungs }: Ladder, rung: number, turn: number): Route {
  const { tier, reason, routes } = rungOf({ rungs }, rung)
  const target = routes[turn]
  if (target === undefined) throw new Error('bug: a rung without a route')
  return routeTo(target, tier, reason)
}

/** A target with the tier that lists it and the reason to take it. */
export function routeTo({ provider, model }: Target, tier: string | undefined, reason: string): Route {
  return { provider, ...(model === undefined ? {} : { model }), ...(tier === undefined ? {} : { tier }), reason }
}

/** One rung. A place that is not there is a bug. */
export function rungOf({ rungs }: Pick<Ladder, 'rungs'>, index: number): Rung {
  const rung = rungs[index]
  if (rung === undefined) throw new Error(`bug: there is no rung ${index} in a ladder of ${rungs.length}`)
  return rung
}

/** Every route that a task may come to take. */
export function possibleRoutes(spec: TaskSpec, settings: Settings): Target[] {
  const ladder = ladderOf(spec, settings)
  return 'problem' in ladder ? [] : ladder.rungs.flatMap(({ routes }) => routes)
}

/** The cheapest tier up to the highest that is allowed; the ones below the first are for when money is short. */
function tiersFrom(name: string, reason: string, max: string | undefined, settings: Settings): Ladder {
  const names = Object.keys(settings.tiers)
  const start = names.indexOf(name)
  const top = max === undefined ? names.length - 1 : Math.max(start, names.indexOf(max))
  const rungs = names.slice(0, top + 1).map((tier): Rung => {
    const routes = (settings.tiers[tier] ?? []).map((target) => withModel(target, settings))
    return { tier, routes, reason: tier === name ? reason : `the tier ${tier} comes ${names.indexOf(tier) > start ? 'after' : 'before'} ${name}` }
  })
  return { rungs, start }
}

function withModel({ provider, model }: Target, settings: Settings): Target {
  const chosen = model ?? own(settings.providers, provider)?.model
  return { provider, ...(chosen === undefined ? {} : { model: chosen }) }
}

function only(target: Target, reason: string, tier?: string): Ladder {
  return { rungs: [{ tier, reason, routes: [target] }], start: 0 }
}

function noSuchTier(name: string, { tiers }: Settings): { problem: string } {
  return { problem: `the tier "${name}" is not in the configuration; ${known('tiers', Object.keys(tiers))}` }
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

function onProvider(settings: Settings, name: string, model: string | undefined, reason: string): Ladder | { problem: string } {
  const provider = own(settings.providers, name)
  if (provider === undefined) {
    return { problem: `the provider "${name}" is not in the configuration; ${known('providers', Object.keys(settings.providers))}` }
  }
  if (provider.type === COMMAND_PROVIDER) {
    return { problem: `the provider "${name}" runs commands, and this task is a prompt; give it a "command:" or another provider` }
  }
  return only({ provider: name, model: model ?? provider.model ?? firstModelOf(settings, name) }, reason)
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
