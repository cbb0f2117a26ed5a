import { deepStrictEqual, ok } from 'node:assert/strict'
import { stringify } from 'yaml'
import type { Task } from '../../src/core/task-state.ts'
import { workspaceIn, type TestWorkspace } from '../e2e/program.ts'
import { startOpenAiServer } from '../servers/openai-server.ts'
import { seededRandom } from '../random.ts'
import { chargingServers, MAX_TOKENS, type ChargingServers } from './charging-servers.ts'
import { AWAY, EMPTY, failingPlan, type FailingTask } from './failing-plan.ts'
import type { Chaos, Fault } from './fault.ts'
import { everyTaskEndsOnce, everyTaskHasEnded, ledgerEqualsManifests, manifestIsTheLog, noJsonIsTorn, noLimitIsPassed, outputsAreAsRecorded, whatIsChargedIsSettled } from './invariants.ts'
import { whatIsLeft, type Left, type LeftRun } from './left.ts'

export const providers: Fault = {
  name: 'providers',
  about: 'every failure of the provider contract, for one task of five, over three protocols and commands',
  run: async (chaos) => {
    const { tasks, failures, ways } = await failAtRandom(chaos, chaos.long ? 1_000 : 150)
    return { seen: `${failures} failures of ${ways} kinds over ${tasks} tasks, each of which came to the end that is right for it` }
  },
}

const CONCURRENCY = 32

export async function failAtRandom({ seed, dir }: Pick<Chaos, 'seed' | 'dir'>, size: number): Promise<{ tasks: number; failures: number; ways: number }> {
  const plan = failingPlan(seededRandom(seed), size)
  const tasks = new Map(plan.map((task) => [task.id, task]))
  const servers = await chargingServers((id) => tasks.get(id), 0)
  const workspace = workspaceIn(dir, () => {})
  try {
    await write(workspace, plan, servers)
    const first = await workspace.tutti(['run', 'plan.yaml', '--concurrency', String(CONCURRENCY)])
    const waiting = plan.filter(({ ends }) => ends.includes('held'))
    const left = await hold(workspace, servers)
    for (const task of plan) endedRightly(left, task)
    deepStrictEqual([first.code, left.state.phase.phase], waiting.length > 0 ? [4, 'stopped'] : [1, 'closed'], `the run ended with ${first.code} and is ${left.state.phase.phase}: ${first.stderr}`)
    // Somebody tops the account up.
    for (const task of waiting) Object.assign(task, { always: undefined, ends: ['complete'] })
    if (waiting.length > 0) await workspace.tutti(['resume', '--retry-now'])
    const end = await hold(workspace, servers)
    for (const task of plan) endedRightly(end, task)
    everyTaskHasEnded(end)
    const wrong = plan.flatMap((task) => task.wrong ?? [])
    return { tasks: size, failures: wrong.length, ways: new Set(wrong.map(({ what }) => what)).size }
  } finally {
    await servers.stop()
  }
}

async function write(workspace: TestWorkspace, plan: readonly FailingTask[], { config }: ChargingServers): Promise<void> {
  // Its port is free again, and nobody takes it by chance in so short a time.
  const dead = await startOpenAiServer()
  await dead.stop()
  await workspace.write('.env', 'CHAOS_API_KEY=key-of-the-test-0123456789\n')
  await workspace.write('plan.yaml', stringify({ tasks: plan.map(({ keys }) => keys) }))
  await workspace.write(
    'config.json',
    JSON.stringify({
      project: 'chaos',
      ...config,
      providers: { ...config.providers, [EMPTY]: config.providers.first, dead: { type: 'openai', base_url: dead.url, model: 'model-a' } },
      tiers: { [AWAY]: [{ provider: 'dead' }, { provider: 'first' }] },
      cache: { mode: 'off' },
      budget: { per_run_usd: 100, daily_usd: 100 },
      execution: { retries: 2, max_tokens: MAX_TOKENS },
    }),
  )
}

/** What holds whether the run is over or waits. */
async function hold({ dir }: TestWorkspace, { asked, charged }: ChargingServers): Promise<LeftRun> {
  const left = await whatIsLeft(dir)
  const run = theOnly(left)
  everyTaskEndsOnce(run)
  noLimitIsPassed(run)
  ledgerEqualsManifests(left)
  manifestIsTheLog(run)
  countsAddUp(run)
  whatIsChargedIsSettled(run, charged)
  for (const [id, times] of asked) everyRequestIsAnAttempt(run, id, times)
  await outputsAreAsRecorded(run)
  await noJsonIsTorn(left, false)
  return run
}

function theOnly({ runs }: Left): LeftRun {
  const [run, ...others] = runs
  if (run === undefined || others.length > 0) throw new Error(`there are ${runs.length} runs`)
  return run
}

/** How many tasks stand how is what their number says, one by one. */
function countsAddUp({ state }: LeftRun): void {
  const counted: Record<string, number> = Object.fromEntries(Object.keys(state.counts).map((status) => [status, 0]))
  for (const { state: now } of state.tasks.values()) counted[now.status] = (counted[now.status] ?? 0) + 1
  deepStrictEqual({ ...state.counts }, counted, 'the counts are not those of the tasks')
}

/** Nobody was killed, so each request was an attempt, and each attempt a request, but for those that nobody listened to. */
function everyRequestIsAnAttempt({ state }: LeftRun, id: string, times: number): void {
  const attempts = (state.tasks.get(id)?.attempts ?? []).filter(({ route }) => route.provider !== 'dead')
  ok(attempts.length === times, `"${id}" was asked for ${times} times, and has ${attempts.length} attempts`)
}

function endedRightly({ state }: LeftRun, { id, wrong, ends }: FailingTask): void {
  const task = state.tasks.get(id)
  if (task === undefined) throw new Error(`"${id}" is lost`)
  const why = `"${id}" (${wrong?.what ?? 'nothing is wrong with it'})`
  ok(ends.some((end) => end === task.state.status), `${why} is ${task.state.status}, and has to be ${ends.join(' or ')}: ${JSON.stringify(task.attempts.map(({ outcome }) => outcome))}`)
  const kinds = kindsOf(task)
  // One that waits, or goes elsewhere, because of what others have found may not have been tried there itself.
  const isSpared = kinds.length === 0 && (wrong?.kind === 'quota_exhausted' || wrong?.what === 'nothing listens there')
  const isRight = wrong === undefined ? kinds.length === 0 : isSpared || (kinds.length > 0 && kinds.every((kind) => kind === wrong.kind))
  ok(isRight, `${why}: its attempts failed as ${kinds.join(', ') || 'nothing'}, and have to fail as ${wrong?.kind ?? 'nothing'}`)
}

/** As what its attempts have failed. */
function kindsOf({ attempts }: Task): string[] {
  return attempts.flatMap(({ outcome }) => (outcome?.result === 'failed' ? [outcome.kind] : []))
}
