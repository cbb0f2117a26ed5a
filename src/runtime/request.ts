import { basename, resolve } from 'node:path'
import type { Dependency, StartAttempt } from '../core/commands.ts'
import { composePrompt, composeVerbatim, excerpt, saidSections } from '../core/prompt.ts'
import type { TaskSpec } from '../core/task.ts'
import type { AgentTerms, AttemptRequest, Provider } from '../providers/provider.ts'
import type { Adapters } from './adapters.ts'
import { environmentOf } from './environment.ts'
import { sessionId } from './session-id.ts'

/** Composes what the provider is given, and makes the folder that a command or an agent may write into. */
export async function requestOf(start: StartAttempt, provider: Provider, adapters: Adapters): Promise<AttemptRequest> {
  const { spec, route, limits, dependencies, said } = start
  const shared = {
    task: spec.id,
    model: route.model,
    max_tokens: limits.max_tokens,
    temperature: spec.temperature,
    workspace: spec.workspace,
  }
  if (spec.work.kind === 'command') {
    const { command } = spec.work
    await adapters.outputs.prepare(spec.id)
    const work = { kind: 'command', command, cwd: folderOf(spec, adapters), env: environmentOf(spec, dependencies, adapters, said.comments) } as const
    return { ...shared, work }
  }
  const { system } = spec.work
  const isAgent = provider.prompts === 'verbatim'
  const parts = await partsOf(start, spec.work.prompt, adapters)
  const prompt = isAgent ? composeVerbatim(parts) : composePrompt(parts)
  if (!isAgent) return { ...shared, work: { kind: 'prompt', prompt, system } }
  await adapters.outputs.prepare(spec.id)
  return { ...shared, work: { kind: 'prompt', prompt, system, agent: agentTerms(start, adapters) } }
}

async function partsOf({ spec, feedback, said, dependencies }: StartAttempt, prompt: string, adapters: Adapters) {
  const { target_files, context, success_criteria, outputs } = spec
  const results = await Promise.all(dependencies.map((dependency) => resultOf(dependency, adapters)))
  return { prompt, target_files, context, success_criteria, outputs, feedback, said, results: results.filter((result) => result !== undefined) }
}

async function resultOf({ id, title, output }: Dependency, { outputs, contextMaxChars }: Adapters) {
  if (output === undefined) return undefined
  const text = await outputs.read(output.path)
  // Money was set aside for an answer of the size that it had.
  if (Buffer.byteLength(text) > output.size) throw new Error(`the answer of "${id}" (${output.path}) has grown since it was kept; run "${id}" again`)
  return { id, title, text: excerpt(text, contextMaxChars) }
}

function agentTerms({ spec, attempt, limits, session, said, dependencies }: StartAttempt, adapters: Adapters): AgentTerms {
  return {
    cwd: folderOf(spec, adapters),
    env: environmentOf(spec, dependencies, adapters),
    tools: spec.tools,
    ...(spec.permission_mode === undefined ? {} : { permission_mode: spec.permission_mode }),
    max_turns: spec.max_turns,
    max_cost_micro_usd: limits.max_cost_micro_usd,
    session: {
      id: sessionId(basename(adapters.runFolder), spec.id, session.attempt),
      resume: session.attempt < attempt,
      said: saidSections(said).filter((part) => part !== ''),
      spent_micro_usd: session.spent_micro_usd,
    },
  }
}

/** Where a task's commands and agents work. */
function folderOf(spec: TaskSpec, { workspace }: Adapters): string {
  return spec.cwd === undefined ? workspace : resolve(workspace, spec.cwd)
}
