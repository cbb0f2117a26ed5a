import { createHash } from 'node:crypto'
import type { AttemptRequest } from '../providers/provider.ts'

/** All that an answer depends on: attempts that agree in it have the same answer. */
export type KeyParts = {
  provider: string
  /** What the configuration says of the provider. */
  identity: string
  /** With the whole prompt, and what is forwarded into it. */
  request: AttemptRequest
  params: Readonly<Record<string, string>>
  /** Where a command or an agent works, as its task states it. */
  cwd: string | undefined
  /** Hashes of target files and inputs, by their paths. */
  files: Readonly<Record<string, string | null>>
  /** What a command or an agent may read of the tasks before it: hashes of their files. */
  results: readonly { id: string; files: Readonly<Record<string, string | null>> }[]
}

/** The key of an answer in the cache: SHA-256, in hex. */
export function cacheKey({ provider, identity, request, params, cwd, files, results }: KeyParts): string {
  const { model, max_tokens, temperature, workspace } = request
  const asked = { v: 1, provider, identity, model, max_tokens, temperature, workspace, files, ...workParts(request) }
  const around = worksInFolder(request) ? { task: request.task, params, cwd, results } : {}
  return createHash('sha256').update(canonicalJson({ ...asked, ...around })).digest('hex')
}

function workParts({ work }: AttemptRequest) {
  if (work.kind === 'command') return { command: work.command }
  return { system: work.system, prompt: work.prompt, tools: work.agent?.tools, permission_mode: work.agent?.permission_mode, max_turns: work.agent?.max_turns }
}

/** Commands and agents see more than what they are told: their environment, their folder, what was made before them. */
export function worksInFolder({ work }: AttemptRequest): boolean {
  return work.kind === 'command' || work.agent !== undefined
}

/** JSON with the keys of every object in order: the same text for the same content. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
