import { afford, type LimitName, type Shortage } from './budget.ts'
import type { Reservation } from './money.ts'
import { microUsd, priceKey, worstCase, type Price } from './price.ts'
import { promptBound, staticPromptBytes } from './prompt.ts'
import { LONGEST_ANSWER_BYTES, MOST_CALLS, MOST_ROUNDS } from './question.ts'
import type { Target } from './route.ts'
import { settingsOf, type RunState } from './state.ts'
import { dependencyOf, lastRows, mayAsk, saidOf } from './start-attempt.ts'
import { attemptsAnew, costOfAttempts, type Task } from './task-state.ts'
import { formatUsd } from './units.ts'

/** Whether there is money for an attempt. `wait`: there may be when one that runs has been settled. `unknown`: its price is not known. */
export type Funding = { money: 'there'; reserved: Reservation | undefined } | { money: 'wait' } | { money: 'unknown' } | Shortage

/** Tokens that a server adds to a prompt: roles, separators, a line of its own. */
const FRAMING_TOKENS = 256

/** An agent is not started for less; micro-dollars. */
const LEAST_FOR_AN_AGENT = 10_000

/** Whether there is money for a task's next attempt on a route, and how much has to be set aside. */
export function fund(state: RunState, task: Task, target: Target): Funding {
  const { budget, prices } = state
  if (task.spec.work.kind === 'command') return { money: 'there', reserved: undefined }
  const price = prices.get(priceKey(target))
  if (price === undefined) return { money: 'unknown' }
  const limits = settingsOf(state).budget
  const most = task.spec.max_cost_usd === undefined ? limits.task : microUsd(task.spec.max_cost_usd)
  const spent = costOfAttempts(attemptsAnew(task))
  const need = needOf(state, task, target, price, most === null ? Infinity : most - spent)
  const funds = afford(budget, limits, need, { max: most, spent })
  if (funds.money !== 'there') return funds
  if (budget.today === undefined) throw new Error('bug: money is spent before it is known which day it is')
  return { money: 'there', reserved: { micro_usd: need, day: budget.today.day } }
}

/** The worst case of a task's next attempt, in micro-dollars. @param left what the task may still cost */
function needOf(state: RunState, task: Task, target: Target, price: Price, left: number): number {
  // An agent is told what it may cost; it makes do with what the task has left.
  if (price.kind === 'capped' && left >= LEAST_FOR_AN_AGENT) return Math.min(price.most_micro_usd, left)
  if (price.kind !== 'tokens') return worstCase(price, 0, 0)
  const { context_max_chars, max_tokens } = settingsOf(state)
  const results = task.spec.depends_on.flatMap((id) => {
    const { title, output } = dependencyOf(state, id)
    return output === undefined ? [] : [{ id, title, size: output.size }]
  })
  const input = promptBound({ prompt_bytes: staticPromptBytes(task.spec), results, feedback: lastRows(task), said: saidOf(task), context_max_chars })
  const output = task.spec.max_tokens ?? max_tokens
  return mayAsk(state, task, target) ? worstCaseInRounds(price, input + FRAMING_TOKENS, output) : worstCase(price, input + FRAMING_TOKENS, output)
}

/** What the tool to ask by adds to a request, and what it is told when it has used it wrongly; tokens. */
const TOOL_TOKENS = 1_000

/** A model that asks is called again, each time with all that was said before. */
function worstCaseInRounds(price: Price, input: number, output: number): number {
  const told = MOST_CALLS * LONGEST_ANSWER_BYTES
  const again = (MOST_ROUNDS * (MOST_ROUNDS - 1)) / 2
  return worstCase(price, MOST_ROUNDS * (input + TOOL_TOKENS) + again * (output + told), MOST_ROUNDS * output)
}

const WHOSE: Record<LimitName, { whose: string; key: string }> = {
  task: { whose: "the task's", key: 'budget.per_task_usd' },
  run: { whose: "the run's", key: 'budget.per_run_usd' },
  project: { whose: "the project's", key: 'budget.per_project_usd' },
  day: { whose: "the day's", key: 'budget.daily_usd' },
  month: { whose: "the month's", key: 'budget.monthly_usd' },
}

/** Why there is no money for a task, as a sentence that names the key to change. */
export function shortageText(task: Task, { limit, max, spent, need }: Shortage): string {
  const { spec } = task
  const { whose, key } = limit === 'task' && spec.max_cost_usd !== undefined ? { ...WHOSE.task, key: 'max_cost_usd' } : WHOSE[limit]
  const cost = need > max ? `an attempt may cost ${formatUsd(need)}, more than the whole of it` : `${formatUsd(spent)} spent, and this may cost ${formatUsd(need)}`
  const isGuess = limit === 'task' && attemptsAnew(task).some(({ settled }) => settled?.estimated === true)
  const advice = isGuess ? '; what was cut short counts in full until "tutti budget reconcile" corrects it' : ''
  return `${whose} limit of ${formatUsd(max)} would be passed: ${cost} (${key})${advice}`
}
