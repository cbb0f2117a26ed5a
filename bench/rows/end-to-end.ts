import type { AppRunTold, Contracts } from '../contracts.ts'
import { atMost, figure, remark, type Figure } from '../figure.ts'
import { MODEL, promptOf } from '../model-calls.ts'
import { AT_ONCE } from '../plans.ts'
import type { Bench, Row } from '../row.ts'
import { median } from '../spread.ts'
import { inTurns } from '../turns.ts'
import { runPlan } from '../workspaces.ts'

type Cost = { seconds: number; cpu_s: number }

const BASELINE = 'fetch, and the client that Tutti uses, each under a limit of 64 and keeping nothing'

export const endToEnd: Row = {
  name: 'end-to-end',
  about: 'a local server that answers in 50 ms, 64 calls at once: from reading config.json and the plan to the end, with everything on disk',
  baseline: BASELINE,
  run: async (bench) => {
    const many = await measure(bench, 10_000, 50, bench.rounds(2))
    const few = await measure(bench, 1_000, 50, bench.rounds(5))
    return [
      ...against('10,000 calls of 50 ms', many.ours, many.fetch, 'fetch', 1.03, 1.5),
      ...against('10,000 calls of 50 ms', many.ours, many.openai, 'openai', 1.03, 1.5),
      figure({ what: '10,000 calls of 50 ms, the plan being read', unit: 's', ours: many.ours.map(({ run }) => run.seconds), against: { name: 'openai', theirs: many.openai.map(({ seconds }) => seconds) }, targets: [atMost('ratio', 1.03)] }),
      ...against('1,000 calls of 50 ms', few.ours, few.fetch, 'fetch', 1.05),
      ...against('1,000 calls of 50 ms', few.ours, few.openai, 'openai', 1.05),
    ]
  },
}

export const noDelay: Row = {
  name: 'no-delay',
  about: 'the same with a server that answers at once',
  baseline: `${BASELINE}; undici's own request as the floor`,
  run: async (bench) => {
    const { ours, fetch, openai, undici } = await measure(bench, 10_000, 0, bench.rounds(2))
    const what = '10,000 calls of 0 ms'
    const cpu = { ours: median(ours.map(({ whole }) => whole.cpu_s)), openai: median(openai.map(({ cpu_s }) => cpu_s)) }
    return [
      ...against(what, ours, fetch, 'fetch', 1.3),
      ...against(what, ours, openai, 'openai', 1.3),
      ...against(what, ours, undici, 'undici'),
      remark(`of the CPU of 10,000 calls, ${Math.round((1 - cpu.openai / cpu.ours) * 100)} % is Tutti's own (${((cpu.ours - cpu.openai) * 100).toFixed(0)} µs a call); the rest is what the client takes alone`),
    ]
  },
}

async function measure(bench: Bench, calls: number, delay_ms: number, rounds: number): Promise<{ ours: AppRunTold[]; fetch: Cost[]; openai: Cost[]; undici: Cost[] }> {
  const { told, stop } = await bench.server('model-server', { delay_ms })
  const config = { providers: { local: { type: 'openai', base_url: told.url, model: MODEL, free: true } }, execution: { max_concurrent: AT_ONCE } }
  const tasks = Array.from({ length: calls }, (_, index) => ({ id: `t${index}`, prompt: promptOf(index) }))
  const caller = (client: Contracts['caller']['given']['client']) => () => bench.program('caller', { url: told.url, client, calls, at_once: AT_ONCE })
  try {
    const found = await inTurns<'ours' | 'fetch' | 'openai' | 'undici', AppRunTold | Cost>(rounds, {
      ours: () => runPlan(bench, config, tasks, calls),
      fetch: caller('fetch'),
      openai: caller('openai'),
      undici: caller('undici'),
    }, { warmUp: false })
    return found as Awaited<ReturnType<typeof measure>>
  } finally {
    await stop()
  }
}

function against(what: string, ours: readonly AppRunTold[], theirs: readonly Cost[], name: string, wall?: number, cpu?: number): Figure[] {
  const seconds = figure({
    what,
    unit: 's',
    ours: ours.map(({ whole }) => whole.seconds),
    against: { name, theirs: theirs.map((each) => each.seconds) },
    targets: wall === undefined ? [] : [atMost('ratio', wall)],
  })
  const cpuSeconds = figure({
    what,
    unit: 's CPU',
    ours: ours.map(({ whole }) => whole.cpu_s),
    against: { name, theirs: theirs.map((each) => each.cpu_s) },
    targets: cpu === undefined ? [] : [atMost('ratio', cpu)],
  })
  return [seconds, cpuSeconds]
}
