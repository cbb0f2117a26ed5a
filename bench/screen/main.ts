// npm run bench:tui: what the screen costs, in a real terminal, beside the same run without it.
import { cpus } from 'node:os'
import { median } from '../spread.ts'
import { firstFrames } from './first-frame.ts'
import { layOutTimes } from './lay-out.ts'
import { withWorld, type Seen } from './measure.ts'

const LOAD = { tasks: 5_000, running: 64, linesPerSecond: 2_000, warmUpMs: 4_000, measureMs: 20_000 }
const IDLE = { ...LOAD, tasks: 0, running: 0, linesPerSecond: 0, measureMs: 10_000 }

const percentile = (numbers: readonly number[], pct: number) => [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length * pct) / 100)] ?? Number.NaN

function row(what: string, value: string, target: string): void {
  console.log(`${what.padEnd(58)} ${value.padStart(26)}   ${target}`)
}

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}, 120×40\n`)
row('', 'measured', 'target')

await withWorld(async (measure) => {
  const drawing = ({ cpu_pct }: Seen, without: Seen) => `${(cpu_pct - without.cpu_pct).toFixed(1)} % (${cpu_pct.toFixed(1)} - ${without.cpu_pct.toFixed(1)})`

  const without = await measure({ ...LOAD, screen: false })
  const loaded = await measure({ ...LOAD, screen: true })
  row('drawing: 5,000 tasks, 64 running, 2,000 lines/s', drawing(loaded, without), '≤ 8 % of a core')
  row('to the terminal', `${(loaded.bytes_per_s / 1000).toFixed(1)} kB/s`, '≤ 30 kB/s')

  row('drawing with the cost page open', drawing(await measure({ ...LOAD, screen: true }, { opens: '$' }), without), 'as above')

  const keyed = await measure({ ...LOAD, screen: true }, { keys: true })
  row(`key to redraw, ${keyed.key_ms.length} keys, p50 / p95`, `${percentile(keyed.key_ms, 50).toFixed(1)} / ${percentile(keyed.key_ms, 95).toFixed(1)} ms`, '≤ 20 / ≤ 60 ms')

  const [longWithout, long] = [await measure({ ...LOAD, measureMs: 60_000, screen: false }), await measure({ ...LOAD, measureMs: 60_000, screen: true })]
  row('memory growth in a minute', `${(long.heap_growth_mb_per_min - longWithout.heap_growth_mb_per_min).toFixed(2)} MB (${long.heap_growth_mb_per_min.toFixed(2)} - ${longWithout.heap_growth_mb_per_min.toFixed(2)})`, '≤ 1 MB')

  const noisyWithout = await measure({ ...LOAD, linesPerSecond: 20_000, screen: false })
  const noisy = await measure({ ...LOAD, linesPerSecond: 20_000, screen: true })
  row('drawing at 20,000 lines/s', drawing(noisy, noisyWithout), 'as above')

  const idleWithout = await measure({ ...IDLE, screen: false })
  const idle = await measure({ ...IDLE, screen: true })
  row('idle', `${drawing(idle, idleWithout)}, ${(idle.bytes_per_s / 1000).toFixed(2)} kB/s`, '≤ 2 %, ≤ 0.5 kB/s')

  const stalled = await measure({ ...LOAD, measureMs: 6_000, screen: true }, { stallMs: 3_000 })
  const calm = await measure({ ...LOAD, measureMs: 6_000, screen: true })
  row('longest delay of the loop, terminal stalled for 3 s', `${stalled.loop_delay_max_ms.toFixed(0)} ms (else ${calm.loop_delay_max_ms.toFixed(0)})`, '< 50 ms more')
})

const { layOut_ms, tasks } = layOutTimes()
row(`graph of ${tasks} tasks laid out`, `${layOut_ms.toFixed(0)} ms`, '< 100 ms')

const { first_ms, node_ms } = await firstFrames()
row('first frame, beside node -e 0', `${median(first_ms).toFixed(0)} / ${median(node_ms).toFixed(0)} ms = ×${(median(first_ms) / median(node_ms)).toFixed(1)}`, '< ×4')
