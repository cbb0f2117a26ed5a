import { FailureKind } from '../outcome.ts'

/** How each kind of failure is told to a person. Logs and JSON keep the kind. */
const WORDS: Record<FailureKind, string> = {
  timeout: 'took too long',
  silent: 'was silent for too long',
  rate_limited: 'was asked to slow down',
  quota_exhausted: 'the quota is used up',
  auth: 'the key was not accepted',
  not_installed: 'the program is missing',
  bad_request: 'the request was refused',
  model_missing: 'the model is missing',
  provider_down: 'the provider is down',
  bad_output: 'the answer cannot be used',
  command_failed: 'the command failed',
  permission_denied: 'was not allowed to',
  limit_reached: 'reached its limit',
  broken: 'something broke',
  unanswered: 'asked, and nobody was there',
  interrupted: 'was interrupted',
}

export function failureWords(kind: FailureKind): string {
  return WORDS[kind]
}

/** A reason whose kind of failure stands before its message (`provider_down: …`), in words. */
export function reasonInWords(reason: string): string {
  const [, kind, message] = /^([a-z_]+): ([\s\S]*)$/.exec(reason) ?? []
  const known = FailureKind.safeParse(kind)
  return known.success ? `${WORDS[known.data]}: ${message}` : reason
}
