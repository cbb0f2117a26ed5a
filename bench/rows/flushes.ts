import { atMost, figure } from '../figure.ts'
import type { Bench, Row } from '../row.ts'
import { runPlan } from '../workspaces.ts'

const TASKS = 1_000

export const flushes: Row = {
  name: 'fsyncs',
  about: '1,000 rehearsed tasks through the whole application, 64 at once: every fsync and fdatasync of the process, by task',
  baseline: 'none: it is a count',
  run: async (bench) => [
    figure({ what: 'fsyncs a task, nothing depends on anything', unit: 'fsyncs', ours: await counted(bench, false), targets: [atMost('ours', 0.05)] }),
    figure({ what: 'fsyncs a task, each depends on the one before', unit: 'fsyncs', ours: await counted(bench, true), targets: [atMost('ours', 1)] }),
  ],
}

async function counted(bench: Bench, isChain: boolean): Promise<number[]> {
  const counts: number[] = []
  for (let round = 0; round < bench.rounds(3); round++) {
    const tasks = Array.from({ length: TASKS }, (_, index) => ({ id: `t${index}`, prompt: `do ${index}`, ...(isChain && index > 0 ? { depends_on: [`t${index - 1}`] } : {}) }))
    const { flushes: all } = await runPlan(bench, { providers: { fast: { type: 'rehearsal', latency_ms: 0, length: 20 } }, execution: { max_concurrent: 64 } }, tasks, TASKS)
    counts.push(all / TASKS)
  }
  return counts
}
