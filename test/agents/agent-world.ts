import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, vi } from 'vitest'
import type { AgentTerms, AttemptRequest } from '../../src/providers/provider.ts'
import { createProvider, ProviderOptions } from '../../src/providers/registry.ts'
import type { ProviderWorld } from '../contracts/provider-contract.ts'
import { isRunning } from '../process/is-running.ts'

export const FAKE = fileURLToPath(new URL('fake-agent.mjs', import.meta.url))
export const SESSION = '5e3115b8-84db-4d72-9894-8ba629f980b7'

/** What the fake agent does; see fake-agent.mjs. */
export type Scenario = {
  lines?: readonly (string | object)[]
  stderr?: string
  exit?: number
  hang?: boolean
  leaves?: boolean
  ignore_term?: boolean
  child?: 'in its group' | 'in its own session'
  child_env?: 'inherited' | 'cleared'
  resumed?: Scenario
}

export type Call = { args: string[]; stdin: string; env: Record<string, string> }

export type AgentWorld = ProviderWorld & {
  workspace: string
  /** Where the agent works. */
  cwd: string
  /** Says what the agent does next, and gives a request for it. */
  request: (scenario: Scenario, terms?: Partial<AgentTerms>, more?: Partial<AttemptRequest>) => Promise<AttemptRequest>
  /** How the agent was called, each time. */
  calls: () => Promise<Call[]>
  /** What the agent was answered, in the words of its protocol. */
  responses: () => Promise<unknown[]>
  /** The agent's process and the one that it left, once there are so many. */
  pids: (count: number) => Promise<number[]>
}

/** A workspace with a provider of a type whose program is the fake agent. */
export async function agentWorld(options: { type: string } & Record<string, unknown>): Promise<AgentWorld> {
  const workspace = await realpath(await mkdtemp(join(tmpdir(), 'agent-')))
  const cwd = join(workspace, 'work')
  await mkdir(cwd)
  const parsed = ProviderOptions.parse({ program: FAKE, ...options })
  const pidsSoFar = async () => (await readFile(join(cwd, 'pids'), 'utf8').catch(() => '')).split('\n').filter(Boolean).map(Number)
  return {
    provider: await createProvider('helper', parsed, { workspace, secrets: [], environment: process.env }),
    workspace,
    cwd,
    request: async (scenario, terms = {}, more = {}) => {
      await writeFile(join(cwd, 'scenario.json'), JSON.stringify(scenario))
      const session = { id: SESSION, resume: false, spent_micro_usd: 0 }
      const agent = { cwd, env: {}, tools: undefined, max_turns: undefined, max_cost_micro_usd: undefined, session, ...terms }
      return { task: 'mend', work: { kind: 'prompt', prompt: 'Mend it.', agent }, ...more }
    },
    calls: async () => {
      const lines = (await readFile(join(cwd, 'calls.jsonl'), 'utf8').catch(() => '')).split('\n').filter(Boolean)
      return lines.map((line) => JSON.parse(line) as Call)
    },
    responses: async () => (await readFile(join(cwd, 'responses.jsonl'), 'utf8').catch(() => '')).split('\n').filter(Boolean).map((line): unknown => JSON.parse(line)),
    pids: async (count) => {
      await vi.waitFor(async () => expect(await pidsSoFar()).toHaveLength(count), { timeout: 10_000 })
      return pidsSoFar()
    },
    released: async () => {
      const pids = await pidsSoFar()
      await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), { timeout: 10_000 })
    },
    secrets: [],
    stop: () => rm(workspace, { recursive: true, force: true }),
  }
}
