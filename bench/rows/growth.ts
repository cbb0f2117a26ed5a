import type { DurableTold } from '../contracts.ts'
import { atMost, figure } from '../figure.ts'
import type { Row } from '../row.ts'
import { inTurns } from '../turns.ts'
import { bareLoop, noop } from './durable.ts'

export const growth: Row = {
  name: 'growth',
  about: 'durable no-op runs of 1,000, 10,000 and 100,000 tasks, log and manifest: the cost of a task, and the most memory that the process has at once',
  baseline: 'for the cost itself, in a run of a tenth of the size; for the memory the bare loop',
  run: async (bench) => {
    const told = await inTurns<'small' | 'middle' | 'large' | 'middleLoop' | 'largeLoop', DurableTold>(
      bench.rounds(3),
      {
        small: () => noop(bench, { tasks: 1_000 }),
        middle: () => noop(bench, { tasks: 10_000 }),
        large: () => noop(bench, { tasks: 100_000 }),
        middleLoop: () => bareLoop(bench, { tasks: 10_000 }),
        largeLoop: () => bareLoop(bench, { tasks: 100_000 }),
      },
      { warmUp: false },
    )
    const micro = (name: keyof typeof told, tasks: number) => told[name].map(({ seconds }) => (seconds * 1e6) / tasks)
    const peaks = (name: keyof typeof told) => told[name].map(({ peak_mb }) => peak_mb)
    return [
      figure({ what: 'a task of 10,000', unit: 'µs', ours: micro('middle', 10_000), against: { name: 'of 1,000', theirs: micro('small', 1_000) }, targets: [atMost('ratio', 1.1)] }),
      // 1.1 × the cost of a task is 11 × the time of a tenth.
      figure({ what: 'a task of 100,000', unit: 'µs', ours: micro('large', 100_000), against: { name: 'of 10,000', theirs: micro('middle', 10_000) }, targets: [atMost('ratio', 1.1)] }),
      figure({ what: 'peak memory, 10,000 tasks', unit: 'MB', ours: peaks('middle'), against: { name: 'bare loop', theirs: peaks('middleLoop') }, targets: [atMost('ours', 90)] }),
      figure({ what: 'peak memory, 100,000 tasks', unit: 'MB', ours: peaks('large'), against: { name: 'bare loop', theirs: peaks('largeLoop') }, targets: [atMost('ours', 180)] }),
    ]
  },
}
