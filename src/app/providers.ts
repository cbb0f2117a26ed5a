import type { Provider } from '../providers/provider.ts'
import { createProvider } from '../providers/registry.ts'
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

async function make({ dir, environment, providers, unset, secretNames, config }: Workspace, name: string): Promise<Provider> {
  const options = providers[name]
  if (options === undefined) return unusable('bad_request', `the provider "${name}" is no longer in the configuration`)
  const missing = unset.get(name)
  if (missing !== undefined) {
    return unusable('auth', `${missing.join(', ')} is not set; put it into the environment or .env (providers.${name} refers to it)`)
  }
  return createProvider(name, options, { workspace: dir, environment, secrets: secretNames, max_output_bytes: config.execution.max_output_bytes })
}

/** Stands in for a provider that cannot be made, so that its tasks fail with the reason. */
function unusable(kind: 'auth' | 'bad_request', message: string): Provider {
  return {
    run: () => Promise.resolve({ result: 'failed', kind, message, unspent: true }),
    health: () => Promise.resolve({ state: 'misconfigured', detail: message }),
  }
}
