import { cacheHit } from '../cache-hit.ts'
import { atMost, figure } from '../figure.ts'
import { graphLayout, GRAPHS } from '../graph-layout.ts'
import { routing as conduct } from '../routing.ts'
import type { Row } from '../row.ts'
import { inTurns } from '../turns.ts'

export const cache: Row = {
  name: 'cache',
  about: 'an attempt with its log and its output whose answer is in the cache, the middle of 300 a round',
  baseline: 'the same with a provider that answers at once',
  run: async (bench) => {
    const told = await inTurns(bench.rounds(3), { small: () => cacheHit(2_000), large: () => cacheHit(200_000) })
    return [told.small, told.large].map((rounds, index) =>
      figure({ what: `an answer of ${index === 0 ? 2 : 200} kB from the cache`, unit: 'ms', ours: rounds.map(({ hit_ms }) => hit_ms), against: { name: 'asked for', theirs: rounds.map(({ asked_ms }) => asked_ms) } }),
    )
  },
}

export const routing: Row = {
  name: 'routing',
  about: 'CPU of the core alone, 64 attempts at once, 10,000 tasks: tiers, prices and a limit of every kind',
  baseline: 'one provider that costs nothing, and no limit',
  run: async (bench) => {
    const { both } = await inTurns(bench.rounds(5), { both: () => Promise.resolve(conduct(10_000)) })
    return [figure({ what: 'routing and reservation', unit: 'µs CPU', ours: both.map(({ routed }) => routed), against: { name: 'no limits', theirs: both.map(({ plain }) => plain) }, targets: [atMost('ours', 50)] })]
  },
}

export const layout: Row = {
  name: 'layout',
  about: 'a graph of 2,000 tasks laid out as the screen draws it',
  baseline: 'putting its tasks behind what they depend on; for a window of 120 × 40 on it the layout itself',
  run: async (bench) => {
    const figures = []
    for (const [name, make] of Object.entries(GRAPHS)) {
      const graph = make(2_000)
      const { all } = await inTurns(bench.rounds(5), { all: () => Promise.resolve(graphLayout(graph)) })
      figures.push(
        figure({ what: `layout of 2,000 tasks, ${name}`, unit: 'ms', ours: all.map((each) => each.layout), against: { name: 'order alone', theirs: all.map(({ floor }) => floor) }, targets: [atMost('ours', 100)] }),
        figure({ what: `a window on it, ${name}`, unit: 'ms', ours: all.map(({ window }) => window), against: { name: 'its layout', theirs: all.map((each) => each.layout) } }),
      )
    }
    return figures
  },
}
