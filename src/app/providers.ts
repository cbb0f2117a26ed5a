import { COMMAND_PROVIDER } from '../core/route.ts'
import type { Provider } from '../providers/provider.ts'
import { createProvider, type ProviderOptions } from '../providers/registry.ts'
import type { Workspace } from './workspace.ts'

/** Makes providers by name, each once and only when it is first used. */
export function createProviders(workspace: Workspace): (name: string) => Promise<Provider> {
  const made = new Map<string, Promise<Provider>>()
  return (name) => {
    const provider = made.get(name) ?? make(workspace, name)
    made.set(name, provider)
    return provider
  }
}

async function make({ providers, unset, secretNames, config }: Workspace, name: string): Promise<Provider> {
  const options = providers[name]
  if (options === undefined) return unusable('bad_request', `the provider "${name}" is no longer in the configuration`)
  const missing = unset.get(name)
  if (missing !== undefined) {
    return unusable('auth', `${missing.join(', ')} is not set; put it into the environment or .env (providers.${name} refers to it)`)
  }
  const provider = await createProvider(name, options, { secrets: secretNames, max_output_bytes: config.execution.max_output_bytes })
  return isFree(options) ? freeOfCharge(provider) : provider
}

/** Nothing is free because its price is not known: the configuration says so, or nobody is paid. */
function isFree(options: ProviderOptions): boolean {
  return options.type === COMMAND_PROVIDER || ('free' in options && options.free)
}

function freeOfCharge(provider: Provider): Provider {
  return {
    ...provider,
    run: async (request, io) => {
      const answer = await provider.run(request, io)
      return answer.result === 'answered' ? { ...answer, cost_micro_usd: 0 } : answer
    },
  }
}

/** Stands in for a provider that cannot be made, so that its tasks fail with the reason. */
function unusable(kind: 'auth' | 'bad_request', message: string): Provider {
  return {
    run: () => Promise.resolve({ result: 'failed', kind, message }),
    health: () => Promise.resolve({ state: 'misconfigured', detail: message }),
  }
}
