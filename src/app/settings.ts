import { agentType, type ProviderOptions } from '../providers/registry.ts'
import { COMMAND_PROVIDER, REHEARSAL_PROVIDER } from '../core/route.ts'
import { microUsd } from '../core/price.ts'
import type { Settings } from '../core/settings.ts'
import type { Config } from './config.ts'

/** What a person chose for this run on the command line. */
export type RunChoices = {
  provider?: string | undefined
  model?: string | undefined
  concurrency?: number | undefined
  /** False: ask again, and keep nothing (`--no-cache`). */
  cache?: boolean | undefined
  /** Approve everything that asks for it. */
  yes?: boolean | undefined
  /** What to do when only held tasks are left. */
  when_held?: Settings['when_held'] | undefined
}

/** The run's settings: the configuration, then the environment, then the command line; the later wins. */
export function settingsFrom(
  config: Config,
  providers: Readonly<Record<string, ProviderOptions>>,
  choices: RunChoices,
  env: NodeJS.ProcessEnv,
): Settings {
  const provider = choices.provider ?? nonEmpty(env['TUTTI_PROVIDER']) ?? nonEmpty(env['PROVIDER'])
  const model = choices.model ?? nonEmpty(env['TUTTI_MODEL'])
  const { execution, approval, routing } = config
  return {
    max_concurrent: choices.concurrency ?? execution.max_concurrent,
    per_provider: execution.per_provider,
    retries: execution.retries,
    timeout_s: execution.timeout_s,
    providers: Object.fromEntries(Object.entries(providers).map(([name, options]) => [name, typeAndModel(options)])),
    default_provider: defaultProvider(config),
    tiers: config.tiers,
    routing: { ...routing, by_type: { ...usualTiers(config), ...routing.by_type } },
    override: { ...(provider === undefined ? {} : { provider }), ...(model === undefined ? {} : { model }) },
    approval: { mode: choices.yes === true ? 'auto' : approval.mode, auto_approve_types: approval.auto_approve_types, checkpoint_after_types: approval.checkpoint_after_types },
    gates: config.gates,
    when_held: choices.when_held ?? 'leave',
    context_max_chars: config.context.max_chars,
    first_token_timeout_s: execution.first_token_timeout_s,
    idle_timeout_s: execution.idle_timeout_s,
    max_tokens: execution.max_tokens,
    budget: budgetOf(config),
    cache: config.cache.mode,
    no_cache: choices.cache === false,
  }
}

function budgetOf({ budget }: Config): Settings['budget'] {
  const limit = (usd: number | null) => (usd === null ? null : microUsd(usd))
  return {
    day: limit(budget.daily_usd),
    month: limit(budget.monthly_usd),
    project: limit(budget.per_project_usd),
    run: limit(budget.per_run_usd),
    task: limit(budget.per_task_usd),
    warn_at_pct: budget.warn_at_pct,
    on_limit: budget.on_limit,
    time_zone: budget.time_zone,
  }
}

/** Where types of tasks go that the configuration says nothing about, if there is a tier of that name. */
const USUAL_TIERS: Readonly<Record<string, string>> = { research: 'local', analyze: 'local', docs: 'medium', fix: 'complex', code: 'complex' }

function usualTiers({ tiers }: Config): Record<string, string> {
  return Object.fromEntries(Object.entries(USUAL_TIERS).filter(([, tier]) => Object.hasOwn(tiers, tier)))
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}

function typeAndModel(options: ProviderOptions): Settings['providers'][string] {
  const model = 'model' in options ? options.model : undefined
  return { type: options.type, ...(model === undefined ? {} : { model }), ...(agentType(options.type) === undefined ? {} : { agent: true }) }
}

/** The first that the configuration names; with none there is only the rehearsal. */
function defaultProvider({ providers }: Config): string {
  const named = Object.entries(providers).find(([, options]) => options.type !== COMMAND_PROVIDER)
  return named?.[0] ?? REHEARSAL_PROVIDER
}
