import { join } from 'node:path'
import { withBullMq } from '../bullmq.ts'
import type { DurableTold } from '../contracts.ts'
import { atLeast, figure, remark, type Line } from '../figure.ts'
import { AT_ONCE } from '../plans.ts'
import type { Bench, Row } from '../row.ts'
import { inTurns } from '../turns.ts'

const TASKS = 10_000

/** How many bytes more or less than the run the loop may write. */
const SAME_BYTES = 0.02

export const durable: Row = {
  name: 'durable',
  about: '10,000 tasks that do nothing, in 100 layers, three dependencies each, 64 at once: from the first intent to the closed log, and manifest where it is kept',
  baseline: 'a bare loop that schedules, serialises and group-commits the same events; BullMQ on a Redis that flushes each append, with jobs that depend on nothing',
  run: async (bench) => {
    const bullmq = await withBullMq(bench)
    const shipped = () => noop(bench, { tasks: TASKS })
    const loop = () => bareLoop(bench, { tasks: TASKS })
    const told = await inTurns<string, { seconds: number }>(bench.rounds(5), {
      shipped,
      logOnly: () => noop(bench, { tasks: TASKS, manifest: false }),
      loop,
      ...('jobs' in bullmq ? { bullmq: () => bullmq.jobs(TASKS, AT_ONCE) } : {}),
    })
    const perSecond = (name: string) => (told[name] ?? []).map(({ seconds }) => TASKS / seconds)
    const lines: Line[] = [
      figure({ what: '10,000 no-op tasks, log and manifest', unit: 'tasks/s', ours: perSecond('shipped'), against: { name: 'bare loop', theirs: perSecond('loop') }, targets: [atLeast('ours', 30_000), atLeast('ratio', 0.33)] }),
      figure({ what: '10,000 no-op tasks, log alone', unit: 'tasks/s', ours: perSecond('logOnly'), against: { name: 'bare loop', theirs: perSecond('loop') }, targets: [atLeast('ours', 30_000), atLeast('ratio', 0.33)] }),
    ]
    if ('why' in bullmq) return [...lines, remark(`BullMQ was not measured: ${bullmq.why}`)]
    await bullmq.stop()
    return [...lines, figure({ what: '10,000 no-op tasks, log and manifest', unit: 'tasks/s', ours: perSecond('shipped'), against: { name: 'BullMQ', theirs: perSecond('bullmq') }, targets: [atLeast('ratio', 3)] })]
  },
}

type Sample = DurableTold & { dir: string }

/** The last run of each kind, for what its log says. */
const samples = new Map<string, Sample>()

const sampleKey = (tasks: number, answers: boolean) => `${tasks} ${answers}`

/** As Tutti is shipped, unless it is said otherwise. */
export async function noop(bench: Bench, given: { tasks: number; answers?: boolean; manifest?: boolean }): Promise<Sample> {
  const { tasks, answers = false, manifest = true } = given
  const dir = await bench.folder()
  const told = { ...(await bench.program('noop', { tasks, answers, manifest, shape: 'layers', dir })), dir }
  samples.set(sampleKey(tasks, answers), told)
  return told
}

/** The loop that writes what such a run writes. Throws when it writes something else. */
export async function bareLoop(bench: Bench, { tasks, answers = false }: { tasks: number; answers?: boolean }): Promise<DurableTold> {
  const like = samples.get(sampleKey(tasks, answers)) ?? (await noop(bench, { tasks, answers }))
  const told = await bench.program('loop', { tasks, answers, shape: 'layers', dir: await bench.folder(), sample: join(like.dir, 'sample.json') })
  if (Math.abs(told.bytes / like.bytes - 1) > SAME_BYTES) throw new Error(`bug: the loop wrote ${told.bytes} bytes, and the run ${like.bytes}`)
  return told
}
