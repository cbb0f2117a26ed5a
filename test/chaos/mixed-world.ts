import type { RunState } from '../../src/core/state.ts'
import { processesBy } from '../../src/process/process-table.ts'
import { RUN_VARIABLE } from '../../src/runtime/environment.ts'
import { workspaceIn, type RunningProgram, type TestWorkspace } from '../e2e/program.ts'
import { isRunning } from '../process/is-running.ts'
import { chargingServers, MAX_TOKENS, type ChargingServers } from './charging-servers.ts'
import type { LeftRun } from './left.ts'
import { NOTES, type MixedPlan, type MixedTask } from './mixed-plan.ts'

/** A workspace with a plan that mixes all there is, its servers, and somebody who answers what waits. */
export type MixedWorld = {
  plan: MixedPlan
  servers: ChargingServers
  workspace: TestWorkspace
  /** How often each task has run: commands say so themselves, of prompts its servers know. */
  ran: () => Promise<Map<string, number>>
  /** Pids of what a run has started and that is still there: what carries its mark, which can be seen on Linux only, and commands that noted themselves. */
  processesOf: (run: LeftRun) => Promise<number[]>
  /** There is more money from now on. */
  raise: () => Promise<void>
  /** What a person says to what waits for them now. */
  answers: (state: RunState) => Said[]
  /** Ends whatever was started. */
  end: () => Promise<void>
}

/** What a person says to a task that waits for them. */
export type Said = { task: string; word: MixedTask['person'] }

/** Enough for a few attempts at once, and for less than all of them. */
const FIRST_LIMIT_USD = 0.008
/** So many times as much there is when it was short. */
const RAISE = 1.7

type Terms = {
  cache: 'read' | 'off'
  /** Between two words of an answer. */
  pause_ms: number
  /** What may be spent at first, in US dollars. */
  limit_usd?: number
}

/** @param dir an empty folder, absolute */
export async function openMixedWorld(dir: string, plan: MixedPlan, { cache, pause_ms, limit_usd: first_usd = FIRST_LIMIT_USD }: Terms): Promise<MixedWorld> {
  const tasks = new Map(plan.tasks.map((task) => [task.id, task]))
  const servers = await chargingServers((id) => tasks.get(id), pause_ms)
  const programs = new Set<RunningProgram>()
  const workspace = workspaceIn(dir, (program) => {
    programs.add(program)
    void program.finally(() => programs.delete(program))
  })
  let limit_usd = first_usd

  const configure = () =>
    workspace.write(
      'config.json',
      JSON.stringify({
        project: 'chaos',
        ...servers.config,
        budget: { per_run_usd: limit_usd, daily_usd: limit_usd * 1.1, per_task_usd: limit_usd },
        cache: { mode: cache },
        execution: { max_concurrent: 4, retries: 2, max_tokens: MAX_TOKENS, stop_grace_s: 1 },
      }),
    )

  await configure()
  await workspace.write('.env', 'CHAOS_API_KEY=key-of-the-test-0123456789\n')
  for (const { name, text } of plan.files) await workspace.write(`tasks/${name}`, text)

  const notes = async () => (await workspace.read(NOTES).catch(() => '')).split('\n').flatMap((line) => (line === '' ? [] : [line.split(' ')]))
  return {
    plan,
    servers,
    workspace,
    ran: async () => {
      const ran = new Map(servers.asked)
      for (const [task = ''] of await notes()) ran.set(task, (ran.get(task) ?? 0) + 1)
      return ran
    },
    processesOf: async ({ folder }) => [...(processesBy(RUN_VARIABLE).get(folder.path) ?? []), ...(await notes()).map(([, pid]) => Number(pid)).filter(isRunning)],
    raise: async () => {
      limit_usd *= RAISE
      await configure()
    },
    answers: (state) => {
      return [...state.tasks.values()].flatMap(({ spec, state: now, comments }): Said[] => {
        if (now.status !== 'held' || (now.gate !== 'approval' && now.gate !== 'review')) return []
        const person = tasks.get(spec.id)?.person ?? 'approve'
        return [{ task: spec.id, word: person === 'send-back' && (now.gate === 'approval' || comments.length > 0) ? 'approve' : person }]
      })
    },
    end: async () => {
      for (const program of programs) program.kill('SIGKILL')
      await Promise.allSettled(programs)
      await servers.stop()
    },
  }
}
