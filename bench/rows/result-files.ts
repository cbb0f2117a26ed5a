import type { DurableTold } from '../contracts.ts'
import { atLeast, atMost, figure } from '../figure.ts'
import type { Row } from '../row.ts'
import { inTurns } from '../turns.ts'
import { bareLoop, noop } from './durable.ts'

const TASKS = 10_000

export const resultFiles: Row = {
  name: 'results',
  about: 'the same, and each task leaves its answer in a file of its own; nothing is deleted between the rounds',
  baseline: 'the bare loop, which writes each answer to a file beside its place and moves it there',
  run: async (bench) => {
    const told = await inTurns<'shipped' | 'logOnly' | 'loop', DurableTold>(bench.rounds(5), {
      shipped: () => noop(bench, { tasks: TASKS, answers: true }),
      logOnly: () => noop(bench, { tasks: TASKS, answers: true, manifest: false }),
      loop: () => bareLoop(bench, { tasks: TASKS, answers: true }),
    })
    const seconds = (name: keyof typeof told) => told[name].map((each) => each.seconds)
    const against = { name: 'bare loop', theirs: seconds('loop') }
    return [
      figure({ what: '10,000 tasks, a result file each', unit: 's', ours: seconds('shipped'), against, targets: [atMost('ratio', 1.8)] }),
      figure({ what: '10,000 tasks, a result file each, no manifest', unit: 's', ours: seconds('logOnly'), against, targets: [atMost('ratio', 1.8)] }),
      figure({ what: '10,000 tasks, a result file each', unit: 'tasks/s', ours: seconds('shipped').map((each) => TASKS / each), targets: [atLeast('ours', 10_000)] }),
    ]
  },
}
