import { resolve } from 'node:path'
import { filesInAnswer } from '../core/answer-files.ts'
import type { Command, Dependency } from '../core/commands.ts'
import type { Report } from '../core/intents.ts'
import type { Outcome } from '../core/outcome.ts'
import { composePrompt, excerpt } from '../core/prompt.ts'
import type { TaskSpec } from '../core/task.ts'
import type { Answer, AttemptRequest } from '../providers/provider.ts'
import type { Adapters } from './adapters.ts'

export type StartAttempt = Extract<Command, { type: 'start-attempt' }>

/** Every process of a run carries the run's folder in this variable of its environment. */
export const RUN_VARIABLE = 'TUTTI_RUN_DIR'

/** Why an attempt's signal fired: what tells a timeout from an interruption. */
export const INTERRUPTED = 'interrupted'
const TIMED_OUT = 'timed out'

/**
 * Carries out one attempt: composes what the provider is given, keeps the log, holds the timeout, and
 * files the answer. Everything a provider does becomes an outcome.
 */
export async function performAttempt(command: StartAttempt, adapters: Adapters, controller: AbortController): Promise<Report> {
  const { spec, attempt, timeout_s } = command
  const begun = performance.now()
  const log = adapters.attemptLog(spec.id, attempt)
  const stream = adapters.redactor.stream()
  const timer = setTimeout(() => controller.abort(TIMED_OUT), timeout_s * 1000)
  try {
    const provider = await adapters.provider(command.route.provider)
    const request = await requestOf(command, adapters)
    const answer = await provider.run(request, { signal: controller.signal, write: (text) => log.write(stream.next(text)) })
    log.write(stream.end())
    const duration_ms = Math.round(performance.now() - begun)
    const outcome = await outcomeOf(command, answer, adapters, controller.signal, duration_ms)
    if (outcome.result === 'failed') log.write(`${log.isEmpty() ? '' : '\n'}[${outcome.kind}] ${outcome.message}\n`)
    return { type: 'attempt-ended', task: spec.id, attempt, outcome }
  } finally {
    clearTimeout(timer)
    await log.close()
  }
}

async function requestOf({ spec, route, feedback, dependencies }: StartAttempt, adapters: Adapters): Promise<AttemptRequest> {
  const shared = {
    task: spec.id,
    model: route.model,
    max_tokens: spec.max_tokens,
    temperature: spec.temperature,
    workspace: spec.workspace,
  }
  if (spec.work.kind === 'command') {
    const { command } = spec.work
    await adapters.outputs.prepare(spec.id)
    const work = { kind: 'command', command, cwd: folderOf(spec, adapters), env: environmentOf(spec, dependencies, adapters) } as const
    return { ...shared, work }
  }
  const results = await Promise.all(dependencies.map((dependency) => resultOf(dependency, adapters)))
  const prompt = composePrompt({
    prompt: spec.work.prompt,
    target_files: spec.target_files,
    context: spec.context,
    success_criteria: spec.success_criteria,
    results: results.filter((result) => result !== undefined),
    outputs: spec.outputs,
    feedback,
  })
  return { ...shared, work: { kind: 'prompt', prompt, system: spec.work.system } }
}

async function resultOf({ id, title, output }: Dependency, { outputs, contextMaxChars }: Adapters) {
  if (output === undefined) return undefined
  return { id, title, text: excerpt(await outputs.read(output.path), contextMaxChars) }
}

/** Where a task's commands run. */
function folderOf(spec: TaskSpec, { workspace }: Adapters): string {
  return spec.cwd === undefined ? workspace : resolve(workspace, spec.cwd)
}

/** How a command learns about its run: `TUTTI_…` names only, so that nothing of its own is hidden. */
export function environmentOf(spec: TaskSpec, dependencies: readonly Dependency[], adapters: Adapters): Record<string, string> {
  const variable = (prefix: string, name: string) => `${prefix}_${name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`
  return {
    TUTTI_TASK: spec.id,
    [RUN_VARIABLE]: adapters.runFolder,
    TUTTI_OUTPUT_DIR: adapters.outputs.folder(spec.id),
    ...Object.fromEntries(Object.entries(spec.params).map(([name, value]) => [variable('TUTTI_PARAM', name), value])),
    ...Object.fromEntries(
      dependencies.flatMap(({ id, output }) =>
        output === undefined ? [] : [[variable('TUTTI_RESULT', id), resolve(adapters.runFolder, output.path)]],
      ),
    ),
  }
}

async function outcomeOf(
  { spec, timeout_s }: StartAttempt,
  answer: Answer,
  { outputs, redactor }: Adapters,
  signal: AbortSignal,
  duration_ms: number,
): Promise<Outcome> {
  if (answer.result === 'failed') {
    if (signal.aborted && signal.reason === TIMED_OUT) {
      return { result: 'failed', kind: 'timeout', message: `it took longer than ${timeout_s} s`, duration_ms }
    }
    return { ...answer, message: redactor.text(answer.message), duration_ms }
  }
  const text = redactor.text(answer.text)
  const isPrompt = spec.work.kind === 'prompt'
  const { files, refused } = isPrompt ? await outputs.writeFiles(spec.id, filesInAnswer(text, spec.outputs)) : await outputs.collect(spec.id)
  const output = await outputs.writeAnswer(spec.id, text)
  return {
    result: 'answered',
    ...(output === undefined ? {} : { output }),
    ...(files.length === 0 ? {} : { files }),
    ...(refused.length === 0 ? {} : { refused }),
    ...(answer.usage === undefined ? {} : { usage: answer.usage }),
    ...(answer.cost_micro_usd === undefined ? {} : { cost_micro_usd: answer.cost_micro_usd }),
    finish: answer.finish,
    duration_ms,
  }
}
