import { allowedEnvironment } from '../../process/environment.ts'

/** What a program needs to find its way: where programs, homes and certificates are, and how to reach the network. */
const NEEDED =
  'PATH HOME USER LOGNAME SHELL TERM LANG TZ SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS ' +
  'HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy'
const NEEDED_NAMES = new Set(NEEDED.split(' '))
const NEEDED_PREFIXES = ['LC_', 'XDG_']

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The environment of an agent: it sends what it sees to a model, so it sees what is named here and nothing else.
 * @param base what there is to see
 * @param names what the agent needs and what the configuration lets it see
 * @param add what it gets beside that, which wins
 */
export function agentEnvironment(base: Environment, names: readonly string[], add: Readonly<Record<string, string>>): Record<string, string> {
  const keep = (name: string) => NEEDED_NAMES.has(name) || names.includes(name) || NEEDED_PREFIXES.some((prefix) => name.startsWith(prefix))
  return allowedEnvironment(base, { keep, add })
}
