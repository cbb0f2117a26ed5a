import * as z from 'zod'
import { microUsd } from '../../core/price.ts'
import type { Usage } from '../../core/outcome.ts'
import type { AgentReader } from './agent-cli.ts'
import { endedWell, failureOf } from './ending.ts'
import { tokens, usd } from './fields.ts'
import { parseLine } from './json-line.ts'
import { valueAt } from './json-path.ts'

const KEYS = ['text', 'error', 'input_tokens', 'cached_tokens', 'output_tokens', 'cost_usd'] as const
type Key = (typeof KEYS)[number]

export type Reading = { output: 'text' | 'json' | 'jsonl'; paths: Readonly<Partial<Record<Key, string | undefined>>> }

/**
 * Understands an agent whose output the configuration describes. One that prints only when it is done is silent until
 * then, whatever it does: limits of silence are for those that print as they work. Anything on stdout counts.
 */
export function readGeneric({ output, paths }: Reading): AgentReader {
  const found: Partial<Record<Key, unknown>> = {}
  let isJson = false
  const take = (json: unknown): void => {
    isJson ||= json !== undefined
    for (const key of KEYS) {
      const path = paths[key]
      const value = path === undefined ? undefined : valueAt(json, path)
      if (value !== undefined) found[key] = value
    }
  }

  return {
    line: (line) => {
      if (output === 'json') return undefined
      const json = output === 'jsonl' ? parseLine(line) : undefined
      if (json === undefined) return line
      take(json)
      return paths.text === undefined ? line : asText(valueAt(json, paths.text))
    },

    spent: () => costOf(found),

    end: (ended) => {
      if (output === 'json') take(parseLine(ended.stdout))
      // What it had told before a violent end is not all.
      const known = ended.end.how === 'exited' ? { usage: usageOf(found), cost_micro_usd: costOf(found) } : {}
      const error = isError(found.error) ? asText(found.error) : undefined
      // Nothing but its author knows what its exit codes mean, so none of them is held against those who use it otherwise.
      if (error !== undefined || !endedWell(ended)) return { ...failureOf(ended, 'command_failed', error), ...known }
      if (output !== 'text' && !isJson) return { ...failureOf(ended, 'bad_output', 'its output is no JSON'), ...known }
      const text = output === 'text' || paths.text === undefined ? ended.stdout : asText(found.text)
      if (text === undefined) return { ...failureOf(ended, 'bad_output', `its output has nothing at "${paths.text ?? ''}"`), ...known }
      return { result: 'answered', text, ...known, finish: 'stop' }
    },
  }
}

function asText(value: unknown): string | undefined {
  return value === undefined || typeof value === 'string' ? value : JSON.stringify(value)
}

/** Agents say that nothing went wrong by leaving it out, or by something empty. */
function isError(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== ''
}

const Told = z.object({ input_tokens: tokens, cached_tokens: tokens, output_tokens: tokens, cost_usd: usd })

function usageOf(found: Partial<Record<Key, unknown>>): Usage | undefined {
  const { input_tokens: input, cached_tokens: cached, output_tokens: output } = Told.parse(found)
  return input === undefined && output === undefined ? undefined : { input, cached, output }
}

/** A cost of 0 is what agents say of a model that they have no price for. What costs nothing is `free` in the configuration. */
function costOf(found: Partial<Record<Key, unknown>>): number | undefined {
  const { cost_usd } = Told.parse(found)
  return cost_usd === undefined || cost_usd === 0 ? undefined : microUsd(cost_usd)
}
