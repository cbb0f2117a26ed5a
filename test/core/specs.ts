import type { Plan } from '../../src/core/plan.ts'
import type { Settings } from '../../src/core/settings.ts'
import type { TaskSpec } from '../../src/core/task.ts'

/** A prompt task that asks for nothing special. */
export function task(id: string, more: Partial<TaskSpec> = {}): TaskSpec {
  return {
    id,
    title: id,
    priority: 'medium',
    file: 'plan.yaml',
    line: 1,
    work: { kind: 'prompt', prompt: `do ${id}` },
    target_files: [],
    success_criteria: [],
    outputs: [],
    checks: [],
    params: {},
    depends_on: [],
    on_failure: 'block',
    requires_approval: false,
    ...more,
  }
}

/** A plan of these tasks; its files are the ones the tasks name. */
export function plan(...tasks: TaskSpec[]): Plan {
  const names = [...new Set(tasks.map(({ file }) => file))]
  return { tasks, earlier: [], prices: [], files: names.map((file) => ({ file, sha256: 'a'.repeat(64), content_sha256: 'c'.repeat(64), size: 1, inbox: true })) }
}

export function settings(more: Partial<Settings> = {}): Settings {
  return {
    max_concurrent: 2,
    per_provider: {},
    retries: 0,
    timeout_s: 60,
    providers: { rehearsal: { type: 'rehearsal' }, command: { type: 'command' } },
    default_provider: 'rehearsal',
    tiers: {},
    routing: { by_type: {}, patience_s: 600 },
    override: {},
    approval: { mode: 'required', auto_approve_types: [], checkpoint_after_types: [] },
    gates: { timeout_s: null, on_timeout: 'hold', on_question: 'hold', max_questions: 5 },
    when_held: 'leave',
    context_max_chars: 4000,
    first_token_timeout_s: null,
    idle_timeout_s: null,
    max_tokens: 1000,
    budget: { day: null, month: null, project: null, run: null, task: null, warn_at_pct: 80, on_limit: 'hold', time_zone: 'UTC' },
    cache: 'off',
    no_cache: false,
    ...more,
  }
}
