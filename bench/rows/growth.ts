import { atMost, figure } from '../figure.ts'
import type { Row } from '../row.ts'
import { inTurns } from '../turns.ts'
import { noop } from './durable.ts'

export const growth: Row = {
  name: 'growth',
  about: 'the cost of a durable no-op task in runs of 1,000, 10,000 and 100,000 tasks, log and manifest',
  baseline: 'itself, in a run of a tenth of the size',
  run: async (bench) => {
    const told = await inTurns(bench.rounds(3), {
      small: async () => micro(await noop(bench, { tasks: 1_000 }), 1_000),
      middle: async () => micro(await noop(bench, { tasks: 10_000 }), 10_000),
      large: async () => micro(await noop(bench, { tasks: 100_000 }), 100_000),
    })
    return [
      figure({ what: 'a task of 10,000', unit: 'µs', ours: told.middle, against: { name: 'of 1,000', theirs: told.small }, targets: [atMost('ratio', 1.1)] }),
      // 1.1 × a task is 11 × the time of a tenth.
      figure({ what: 'a task of 100,000', unit: 'µs', ours: told.large, against: { name: 'of 10,000', theirs: told.middle }, targets: [atMost('ratio', 1.1)] }),
    ]
  },
}

const micro = ({ seconds }: { seconds: number }, tasks: number) => (seconds * 1e6) / tasks
