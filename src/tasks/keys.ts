import * as z from 'zod'
import { ruleProblem } from '../core/permissions.ts'
import { LONGEST_TIMEOUT_S, Priority, TaskId } from '../core/task.ts'
import { relativePath } from '../files/relative-path.ts'
import { names, number, oneOf, phrase, sentences, verbatim, yesOrNo } from './values.ts'

const PRIORITIES: Readonly<Record<string, Priority>> = {
  normal: 'medium',
  urgent: 'critical',
  p0: 'critical',
  p1: 'high',
  p2: 'medium',
  p3: 'low',
}

const priority = phrase.transform((text) => PRIORITIES[text.toLowerCase()] ?? text.toLowerCase()).pipe(Priority)

/** Rules for what an agent may use. Their commas are their own: a list is written as one. */
const rules = z
  .union([z.array(phrase), phrase.transform((rule) => [rule])])
  .default([])
  .superRefine((given, context) => {
    for (const [index, rule] of given.entries()) {
      const message = ruleProblem(rule)
      if (message !== undefined) context.addIssue({ code: 'custom', path: [index], message })
    }
  })

/** Every key that a task may have, the same in front matter, YAML, JSON and labels. Each is described by what it has to be. */
export const TaskKeys = z.object({
  id: phrase.pipe(TaskId).describe('a name of at most 100 letters, digits, ".", "_" and "-", starting with a letter or digit'),
  title: phrase.describe('a short text'),
  type: phrase.transform((text) => text.toLowerCase()).describe('a word such as fix or research'),
  priority: priority.describe('low, medium, high or critical'),
  created: z.unknown().describe('a date; kept for people'),
  status: phrase.describe('pending, running, complete, incomplete or failed'),

  prompt: verbatim.describe('the text for the model'),
  system: verbatim.describe('a text that says who the model is'),
  command: z.union([phrase, z.array(verbatim).min(1)]).describe('a line for the shell, or a list of a program and its arguments'),
  description: verbatim.describe('a text: the prompt where there is none, else background'),
  context: verbatim.describe('a text: background for the model'),
  target_files: names.describe('a list of files'),
  success_criteria: sentences.describe('a list of sentences'),
  outputs: names
    .superRefine((paths, context) => {
      for (const [index, path] of paths.entries()) {
        const checked = relativePath(path)
        if ('reason' in checked) context.addIssue({ code: 'custom', path: [index], message: `${JSON.stringify(path)} cannot be one: ${checked.reason}` })
      }
    })
    .describe('a list of files that the answer has to contain, relative to the task\'s own folder'),
  checks: z.unknown().describe('a map or a list of checks'),
  completion_criteria: z.unknown().describe('a map or a list of checks'),
  params: z
    .record(z.string().regex(/^[A-Za-z_][\w-]*$/), z.union([verbatim, z.null()]))
    .describe('a map of names (letters, digits, "_", "-") to values; a name without a value has to be given by --param'),

  depends_on: names.describe('a list of task ids'),
  on_failure: oneOf('block', 'continue').describe('block or continue'),
  requires_approval: yesOrNo.describe('yes or no'),

  tier: phrase.describe('the name of a tier'),
  max_tier: phrase.describe('the name of a tier'),
  provider: phrase.describe('the name of a provider'),
  model: phrase.describe('the name of a model'),
  workspace: phrase.describe('the name of a workspace on the server'),
  max_tokens: number.pipe(z.number().int().positive()).describe('a whole number above 0'),
  temperature: number.pipe(z.number().min(0).max(2)).describe('a number from 0 to 2'),
  timeout_s: number.pipe(z.number().positive().max(LONGEST_TIMEOUT_S)).describe('seconds, a number above 0 and at most three weeks'),
  first_token_timeout_s: number.pipe(z.number().positive().max(LONGEST_TIMEOUT_S)).describe('seconds, a number above 0 and at most three weeks'),
  idle_timeout_s: number.pipe(z.number().positive().max(LONGEST_TIMEOUT_S)).describe('seconds, a number above 0 and at most three weeks'),
  retries: number.pipe(z.number().int().min(0).max(100)).describe('a whole number from 0 to 100'),
  cwd: phrase.describe('a folder, relative to the workspace'),
  max_cost_usd: number.pipe(z.number().nonnegative()).describe('US dollars, a number from 0 on'),
  permission_mode: phrase.describe('a mode that the agent knows, such as acceptEdits or plan'),
  max_turns: number.pipe(z.number().int().positive()).describe('a whole number above 0'),
  tools: names.describe('a list of tools, each as the agent spells it'),
  cache: z.union([z.boolean().transform((on) => (on ? 'read' : 'off')), oneOf('off', 'read', 'refresh')]).describe('off, read or refresh'),
  inputs: names
    .superRefine((paths, context) => {
      for (const [index, path] of paths.entries()) {
        if (/[*?[]/.test(path)) context.addIssue({ code: 'custom', path: [index], message: `${JSON.stringify(path)}: patterns are not read; name files or folders (a folder means all files below it)` })
      }
    })
    .describe('a list of files and folders, relative to the workspace'),

  review: yesOrNo.describe('yes or no: whether a person looks at the result before it counts'),
  gate_timeout_s: number.pipe(z.number().positive()).describe('seconds, a number above 0'),
  on_timeout: oneOf('hold', 'approve', 'reject', 'skip').describe('hold, approve, reject or skip'),
  on_question: oneOf('hold', 'default', 'fail').describe('hold, default or fail'),
  max_questions: number.pipe(z.number().int().min(0).max(100)).describe('a whole number from 0 to 100'),
  permissions: z
    .strictObject({ allow: rules, deny: rules, ask: rules })
    .describe('a map with the lists allow, deny and ask, of rules such as "Bash(npm test)"'),
})

export type TaskKey = keyof typeof TaskKeys.shape

/** Other names that people use. */
const ALIASES: Readonly<Record<string, TaskKey>> = {
  acceptance_criteria: 'success_criteria',
  claude_instruction: 'prompt',
  claude_instructions: 'prompt',
  instruction: 'prompt',
  instructions: 'prompt',
  task_description: 'description',
}

/** Every name that means a key. */
export const KNOWN_NAMES: readonly string[] = [...Object.keys(TaskKeys.shape), ...Object.keys(ALIASES)]

/** Keys whose label is followed by prose: other labels and headings in it are the author's words. */
export const PROSE: ReadonlySet<string> = new Set<TaskKey>(['prompt', 'system', 'description', 'context'])

/** Keys whose label is followed by a block: a list, a command, YAML. The others end with their line. */
export const BLOCKS: ReadonlySet<string> = new Set<TaskKey>([
  'command',
  'target_files',
  'success_criteria',
  'outputs',
  'depends_on',
  'checks',
  'completion_criteria',
  'params',
  'permissions',
  'tools',
  'inputs',
])

/** Keys whose value has a structure: in a label it is written as YAML. */
export const STRUCTURED: ReadonlySet<string> = new Set<TaskKey>(['checks', 'completion_criteria', 'params', 'permissions'])

/** `dependsOn`, `depends-on` and `Depends On` as the files on disk spell it: `depends_on`. */
export function snakeCase(name: string): string {
  return name
    .trim()
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[\s-]+/g, '_')
    .toLowerCase()
}

/** The key that a name means; nothing where it means none. */
export function taskKey(name: string): TaskKey | undefined {
  const spelled = snakeCase(name)
  if (isTaskKey(spelled)) return spelled
  return Object.hasOwn(ALIASES, spelled) ? ALIASES[spelled] : undefined
}

function isTaskKey(name: string): name is TaskKey {
  return Object.hasOwn(TaskKeys.shape, name)
}
