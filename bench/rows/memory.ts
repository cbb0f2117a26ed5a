import type { DurableTold } from '../contracts.ts'
import { atMost, figure } from '../figure.ts'
import type { Row } from '../row.ts'
import { inTurns } from '../turns.ts'
import { bareLoop, noop } from './durable.ts'

export const memory: Row = {
  name: 'memory',
  about: 'the most memory that the process of a durable no-op run has at once, log and manifest',
  baseline: 'the bare loop',
  run: async (bench) => {
    const told = await inTurns<'small' | 'smallLoop' | 'large' | 'largeLoop', DurableTold>(bench.rounds(3), {
      small: () => noop(bench, { tasks: 10_000 }),
      smallLoop: () => bareLoop(bench, { tasks: 10_000 }),
      large: () => noop(bench, { tasks: 100_000 }),
      largeLoop: () => bareLoop(bench, { tasks: 100_000 }),
    })
    const peaks = (name: keyof typeof told) => told[name].map(({ peak_mb }) => peak_mb)
    return [
      figure({ what: 'peak memory, 10,000 tasks', unit: 'MB', ours: peaks('small'), against: { name: 'bare loop', theirs: peaks('smallLoop') }, targets: [atMost('ours', 90)] }),
      figure({ what: 'peak memory, 100,000 tasks', unit: 'MB', ours: peaks('large'), against: { name: 'bare loop', theirs: peaks('largeLoop') }, targets: [atMost('ours', 180)] }),
    ]
  },
}
