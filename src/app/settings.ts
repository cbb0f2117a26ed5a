import type { ProviderOptions } from '../providers/registry.ts'
import { COMMAND_PROVIDER, REHEARSAL_PROVIDER } from '../core/route.ts'
import type { Settings } from '../core/settings.ts'
import type { Config } from './config.ts'

/** What a person chose for this run on the command line. */
export type RunChoices = {
  provider?: string | undefined
  model?: string | undefined
  concurrency?: number | undefined
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
    routing,
    override: { ...(provider === undefined ? {} : { provider }), ...(model === undefined ? {} : { model }) },
    approval: { mode: choices.yes === true ? 'auto' : approval.mode, auto_approve_types: approval.auto_approve_types },
    when_held: choices.when_held ?? 'leave',
    context_max_chars: config.context.max_chars,
  }
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}

function typeAndModel(options: ProviderOptions): { type: string; model?: string } {
  const model = 'model' in options ? options.model : undefined
  return { type: options.type, ...(model === undefined ? {} : { model }) }
}

/** The first that the configuration names; with none there is only the rehearsal. */
function defaultProvider({ providers }: Config): string {
  const named = Object.entries(providers).find(([, options]) => options.type !== COMMAND_PROVIDER)
  return named?.[0] ?? REHEARSAL_PROVIDER
}
