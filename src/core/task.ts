import * as z from 'zod'
import { OnQuestion, OnTimeout } from './gate-defaults.ts'

/** A task's name: unique in its run, and safe as the name of a folder. */
export const TaskId = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, ".", "_" and "-", starting with a letter or digit')

export const Priority = z.enum(['low', 'medium', 'high', 'critical'])
export type Priority = z.infer<typeof Priority>

/** What an attempt carries out: words for a model, or a program to run. */
export const Work = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('prompt'), prompt: z.string(), system: z.string().optional() }),
  /** A string is run by the shell; a list is a program and its arguments, run as they are. */
  z.object({ kind: z.literal('command'), command: z.union([z.string(), z.array(z.string()).min(1)]) }),
])
export type Work = z.infer<typeof Work>

/** A rule by its name and what it asks for. The meaning of `value` belongs to the rule's own file in checks/. */
export const CheckSpec = z.object({ rule: z.string(), value: z.json() })
export type CheckSpec = z.infer<typeof CheckSpec>

/** What a task does with the cache of answers. */
export const CacheMode = z.enum(['off', 'read', 'refresh'])
export type CacheMode = z.infer<typeof CacheMode>

/** Three weeks: Node's timers hold no more than 24 days. */
export const LONGEST_TIMEOUT_S = 1_814_400

/** One unit of work, as its file stated it. It never changes while it runs. */
export const TaskSpec = z.object({
  id: TaskId,
  title: z.string(),
  /** `fix`, `research`, …: chooses the tier by `routing.by_type`. */
  type: z.string().optional(),
  priority: Priority,
  /** Where it was written. */
  file: z.string(),
  line: z.number().int().positive(),

  work: Work,
  /** Files that the work is about; told to the model, not opened. */
  target_files: z.array(z.string()),
  /** Background, told to the model after the prompt. */
  context: z.string().optional(),
  /** What "done" means in the author's words; told to the model. */
  success_criteria: z.array(z.string()),
  /** Files that the answer must contain, relative to the task's output folder. */
  outputs: z.array(z.string()),
  checks: z.array(CheckSpec),
  /** Values for `{{name}}` in the prompt, and for `TUTTI_PARAM_NAME` in a command's environment. */
  params: z.record(z.string(), z.string()),

  depends_on: z.array(TaskId),
  /** What this task's failure means for its dependents: they are blocked, or run anyway. */
  on_failure: z.enum(['block', 'continue']),
  requires_approval: z.boolean(),
  /** A person looks at what it made before it counts. */
  review: z.boolean().optional(),
  /** What a gate of this task comes to when nobody answers for so many seconds. */
  gate_timeout_s: z.number().positive().optional(),
  on_timeout: OnTimeout.optional(),
  /** What a question comes to in a run that nobody attends. */
  on_question: OnQuestion.optional(),
  /** Questions that one attempt may ask a person. */
  max_questions: z.number().int().min(0).max(100).optional(),
  /** Rules that answer what an agent asks leave for: `Bash(npm test)`. What none of them says is asked. */
  permissions: z.object({ allow: z.array(z.string()), deny: z.array(z.string()), ask: z.array(z.string()) }).optional(),

  tier: z.string().optional(),
  /** The highest tier that it may move up to when its checks are not met. */
  max_tier: z.string().optional(),
  provider: z.string().optional(),
  model: z.string().optional(),
  /** Passed on to servers that keep knowledge by workspace (AnythingLLM, OpenWebUI). */
  workspace: z.string().optional(),
  max_tokens: z.number().int().positive().optional(),
  temperature: z.number().min(0).max(2).optional(),
  timeout_s: z.number().positive().max(LONGEST_TIMEOUT_S).optional(),
  /** The longest wait for the first word of an answer. */
  first_token_timeout_s: z.number().positive().max(LONGEST_TIMEOUT_S).optional(),
  /** The longest silence within an answer. */
  idle_timeout_s: z.number().positive().max(LONGEST_TIMEOUT_S).optional(),
  retries: z.number().int().min(0).max(100).optional(),
  /** Where a command or an agent runs; relative to the workspace. */
  cwd: z.string().optional(),
  /** US dollars, over all of its attempts. */
  max_cost_usd: z.number().nonnegative().optional(),
  /** What an agent may do without asking, in its own words; see its provider. */
  permission_mode: z.string().optional(),
  /** Turns that an agent may take. */
  max_turns: z.number().int().positive().optional(),
  /** Tools that an agent may use without asking, in its own words: `Edit`, `Bash(npm test)`. */
  tools: z.array(z.string()).optional(),
  /** Whether an answer of an earlier run is used (`read`), or asked for again and kept (`refresh`). */
  cache: CacheMode.optional(),
  /** Files a command reads, relative to the workspace: with `outputs` they say when it need not run again. */
  inputs: z.array(z.string()).optional(),
})
export type TaskSpec = z.infer<typeof TaskSpec>

/** The task's status as its file's front matter tells it. */
export const FileStatus = z.enum(['pending', 'running', 'complete', 'incomplete', 'failed'])
export type FileStatus = z.infer<typeof FileStatus>
