import { atLeast, figure } from '../figure.ts'
import type { Row } from '../row.ts'
import { inTurns } from '../turns.ts'
import { runPlan } from '../workspaces.ts'

const LOADED = 100_000
const SPAWNED = 500
/** As many at once as keep two cores busy. */
const AT_ONCE = 2

export const spawning: Row = {
  name: 'spawning',
  about: '500 tasks that run `true`, two at once, in a run of 100,000 tasks of which the others wait: from the first attempt to the end of the last, events and files included',
  baseline: "Node's own spawn, and execa, from a process that holds nothing else",
  run: async (bench) => {
    const spawner = (how: 'spawn' | 'execa') => () => bench.program('spawner', { how, count: SPAWNED, at_once: AT_ONCE })
    const told = await inTurns<'ours' | 'spawn' | 'execa', { seconds: number }>(bench.rounds(3), {
      ours: async () => (await runPlan(bench, { execution: { max_concurrent: AT_ONCE } }, plan(), SPAWNED)).work,
      spawn: spawner('spawn'),
      execa: spawner('execa'),
    }, { warmUp: false })
    const perSecond = (name: keyof typeof told) => told[name].map(({ seconds }) => SPAWNED / seconds)
    return [
      figure({ what: '`true` as a task, 100,000 tasks loaded', unit: 'tasks/s', ours: perSecond('ours'), against: { name: 'spawn', theirs: perSecond('spawn') }, targets: [atLeast('ratio', 0.9)] }),
      figure({ what: '`true` as a task, 100,000 tasks loaded', unit: 'tasks/s', ours: perSecond('ours'), against: { name: 'execa', theirs: perSecond('execa') } }),
    ]
  },
}

/** Those that wait depend on a task that nobody approves. */
function plan(): object[] {
  const run = { command: ['true'] }
  return Array.from({ length: LOADED }, (_, index) => {
    const id = `t${index}`
    if (index < SPAWNED) return { id, ...run }
    return index === SPAWNED ? { id, ...run, requires_approval: true } : { id, ...run, depends_on: [`t${SPAWNED}`] }
  })
}
