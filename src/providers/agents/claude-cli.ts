import type { AgentCli, AgentTask } from './agent-cli.ts'
import { readClaude } from './claude-reader.ts'

/**
 * The part of an attempt's limit that Claude Code is told. It looks at its budget after each turn, so it
 * stops after the turn that went past it; what is left of the limit is for that turn.
 */
const TOLD_SHARE = 0.8

/** Where it finds its settings and its server; and a subscription's token. */
const SETTINGS = ['ANTHROPIC_BASE_URL', 'CLAUDE_CONFIG_DIR', 'CLAUDE_CODE_OAUTH_TOKEN']
/** Paid for by use. Claude Code prefers them to a subscription. */
const KEYS = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN']

/**
 * How Claude Code is called in print mode.
 * @param modes the permission modes that there are
 * @param free nothing is paid by use: it does not see a key that would be charged instead of the subscription
 */
export function claudeCli({ permission_mode, free }: { permission_mode: string; free: boolean }, modes: readonly string[]): AgentCli {
  return {
    refuse: ({ terms }) => {
      const { permission_mode: asked = permission_mode } = terms
      if (!modes.includes(asked)) return `knows no permission_mode "${asked}": choose one of ${modes.join(', ')}`
      if (asked !== EVERYTHING || permission_mode === EVERYTHING) return undefined
      return `does not run with the permission_mode ${EVERYTHING} because a task asks for it: only the configuration may say so, in its "permission_mode"`
    },
    program: 'claude',
    env: free ? SETTINGS : [...SETTINGS, ...KEYS],
    call: (task) => ({
      args: argumentsOf(task, task.terms.permission_mode ?? permission_mode),
      stdin: said(task.terms.session.resume ? [GO_ON, ...(task.terms.session.said ?? [])].join('\n\n') : task.prompt, task),
      // The conductor retries: it knows of other routes, and of budgets.
      env: { CLAUDE_CODE_MAX_RETRIES: '0' },
    }),
    read: readClaude,
  }
}

/** Files are dropped by whoever can write to a folder: this is not theirs to choose. */
const EVERYTHING = 'bypassPermissions'

/** What it is told when its conversation goes on: it has the prompt already. */
const GO_ON = 'Go on where you were interrupted, and finish the task.'

const PRINT_MODE = ['-p', '--output-format', 'stream-json', '--verbose']

/** It may ask: it takes messages one by one, and requests for leave go over its stdin and stdout. */
const TALKS = ['--input-format', 'stream-json', '--permission-prompt-tool', 'stdio']

/** What it is told first. */
function said(content: string, { ask }: AgentTask): string {
  return ask === undefined ? content : `${JSON.stringify({ type: 'user', message: { role: 'user', content } })}\n`
}

function argumentsOf({ model, system, terms, args, ask }: AgentTask, permission_mode: string): string[] {
  const { session, tools, max_turns, max_cost_micro_usd } = terms
  return [
    ...PRINT_MODE,
    ...(ask === undefined ? [] : TALKS),
    ...(session.resume ? ['--resume', session.id] : ['--session-id', session.id]),
    '--permission-mode',
    permission_mode,
    ...(model === undefined ? [] : ['--model', model]),
    ...(system === undefined ? [] : ['--append-system-prompt', system]),
    // One argument: a second one that looks like an option would be taken for one.
    ...(tools === undefined || tools.length === 0 ? [] : ['--allowedTools', tools.join(',')]),
    ...(max_turns === undefined ? [] : ['--max-turns', String(max_turns)]),
    ...(max_cost_micro_usd === undefined ? [] : ['--max-budget-usd', toldBudget(max_cost_micro_usd)]),
    ...args,
  ]
}

/** In US dollars. A session that is gone on with counts what it has cost before, so it may stop sooner, and never later. */
function toldBudget(max_cost_micro_usd: number): string {
  return (Math.max(1, Math.floor(max_cost_micro_usd * TOLD_SHARE)) / 1_000_000).toFixed(6)
}
