import { dirname, resolve } from 'node:path'
import type { Dependency, StartAttempt } from '../core/commands.ts'
import type { KeptFile } from '../core/cache-entry.ts'
import type { Answered } from '../core/outcome.ts'
import type { Answer, AttemptRequest, Provider } from '../providers/provider.ts'
import type { Adapters } from './adapters.ts'
import { cacheKey, worksInFolder } from './cache-key.ts'

/** Where the answer of an attempt lies in the cache, or may lie. */
export type CachePlace = {
  /** The answer that is there, if it may be used; files that a command left have been restored. */
  find: () => Promise<Extract<Answer, { result: 'answered' }> | undefined>
  /** Puts an answer there. */
  keep: (text: string, outcome: Answered) => Promise<void>
}

/** The place of an attempt's answer; undefined where the cache has nothing to do with it. */
export async function cachePlaceOf(start: StartAttempt, provider: Provider, request: AttemptRequest, adapters: Adapters): Promise<CachePlace | undefined> {
  const { spec, route } = start
  const { cache, outputs } = adapters
  const mode = start.cache
  const isAgent = provider.prompts === 'verbatim'
  const isCommand = spec.work.kind === 'command'
  const key = mode === 'off' ? undefined : await keyOf(start, request, adapters)
  if (key === undefined) return undefined

  async function filesToKeep({ output, files = [] }: Answered): Promise<KeptFile[] | undefined> {
    const bytes = [output, ...files].reduce((sum, file) => sum + (file?.size ?? 0), 0)
    if (bytes > cache.max_bytes) return undefined
    return isCommand ? outputs.keep(spec.id, files) : []
  }

  return {
    find: async () => {
      const entry = mode === 'read' || mode === 'only' ? await cache.get(key) : undefined
      if (entry === undefined || (isCommand && !(await outputs.restore(spec.id, entry.files ?? [])))) return undefined
      return { result: 'answered', text: entry.text, finish: 'stop', cost_micro_usd: 0 }
    },
    keep: async (text, outcome) => {
      // An agent changes the files it works on, and its work is done where they are as it left them. Anything
      // else was answered for files that somebody has changed meanwhile: nobody knows which of them it saw.
      const now = await keyOf(start, request, adapters)
      const files = await filesToKeep(outcome)
      if (now === undefined || (now !== key && !isAgent) || files === undefined) return
      const { usage, cost_micro_usd } = outcome
      const { provider: by, model } = route
      await cache.put(now, { text, provider: by, model, usage, cost_micro_usd, ...(files.length === 0 ? {} : { files }) })
    },
  }
}

/** Undefined where it cannot be told what the answer depends on. */
async function keyOf({ spec, route, dependencies }: StartAttempt, request: AttemptRequest, adapters: Adapters): Promise<string | undefined> {
  const { cache, identity, workspace } = adapters
  const [targets, inputs] = [await cache.hashFiles(workspace, spec.target_files), await cache.hashFiles(workspace, spec.inputs ?? [])]
  // A target may be there only afterwards; an input that is not there is a mistake in its name, most likely.
  if (targets === undefined || inputs === undefined || Object.values(inputs).includes(null)) return undefined
  const results = []
  for (const dependency of worksInFolder(request) ? dependencies : []) {
    const made = await cache.hashFiles(folderOfResult(dependency, adapters), ['.'])
    if (made === undefined) return undefined
    results.push({ id: dependency.id, files: made })
  }
  const { params, cwd } = spec
  return cacheKey({ provider: route.provider, identity: identity(route.provider), request, params, cwd, files: { ...targets, ...inputs }, results })
}

/** Where a task before this one left its answer and its files, in this run or an earlier one. */
function folderOfResult({ id, output }: Dependency, { outputs, runFolder }: Adapters): string {
  return output === undefined ? outputs.folder(id) : dirname(resolve(runFolder, output.path))
}
