// npm run bench: what the conductor itself costs, beside a floor measured in the same run.
import { cpus } from 'node:os'
import { bareLog } from './bare-log.ts'
import { cacheHit } from './cache-hit.ts'
import { graphLayout, GRAPHS } from './graph-layout.ts'
import { median } from './median.ts'
import { noopRun, type Measured } from './noop-run.ts'
import { routing } from './routing.ts'

const SIZES = [1_000, 10_000]
const ROUNDS = 5

const micro = (seconds: number, tasks: number) => (seconds * 1e6) / tasks

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}`)
console.log(`durable no-op tasks: 100 layers, three dependencies each, 64 at once, log and manifest on; median of ${ROUNDS}\n`)
console.log('   tasks   tasks/s   µs a task   floor µs   × floor   flushes a task   log bytes a task')

await noopRun(1_000)
const costs: number[] = []
for (const tasks of SIZES) {
  const runs: Measured[] = []
  const floors: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const run = await noopRun(tasks)
    runs.push(run)
    floors.push(await bareLog(run.lines, run.flushes))
  }
  const seconds = median(runs.map((run) => run.seconds))
  const floor = median(floors)
  const { flushes, bytes } = runs[0] ?? { flushes: Number.NaN, bytes: Number.NaN }
  costs.push(micro(seconds, tasks))
  const cells = [
    String(tasks).padStart(8),
    String(Math.round(tasks / seconds)).padStart(9),
    micro(seconds, tasks).toFixed(1).padStart(11),
    micro(floor, tasks).toFixed(1).padStart(10),
    (seconds / floor).toFixed(1).padStart(9),
    (flushes / tasks).toFixed(3).padStart(16),
    String(Math.round(bytes / tasks)).padStart(18),
  ]
  console.log(cells.join(' '))
}
const [small = Number.NaN, large = Number.NaN] = costs
console.log(`\ncost per task from ${SIZES[0]} to ${SIZES[1]} tasks: × ${(large / small).toFixed(2)}`)

console.log('\nan answer from the cache, beside a provider that answers at once; each an attempt with its log and its output, median of many\n')
console.log('   answer kB   from the cache ms   asked for ms')
for (const bytes of [2_000, 200_000]) {
  const { hit_ms, asked_ms } = await cacheHit(bytes)
  console.log([String(bytes / 1000).padStart(12), hit_ms.toFixed(2).padStart(19), asked_ms.toFixed(2).padStart(14)].join(' '))
}

console.log(`\nrouting and reservation: CPU of the core alone, 64 attempts at once; median of ${ROUNDS} (target: under 50 µs a task)\n`)
console.log('   tasks   tiers, prices, limits µs   one free provider µs')
routing(1_000)
for (const tasks of SIZES) {
  const rounds = Array.from({ length: ROUNDS }, () => routing(tasks))
  const of = (which: 'routed' | 'plain') => median(rounds.map((round) => round[which])).toFixed(1)
  console.log([String(tasks).padStart(8), of('routed').padStart(26), of('plain').padStart(22)].join(' '))
}

console.log(`\nlayout of a graph of 2,000 tasks; median of ${ROUNDS} (target: under 100 ms)\n`)
console.log('        plan   layout ms   floor ms   window of 120 × 40 ms')
for (const [name, make] of Object.entries(GRAPHS)) {
  const graph = make(2_000)
  graphLayout(graph)
  const rounds = Array.from({ length: ROUNDS }, () => graphLayout(graph))
  const of = (which: 'layout' | 'floor' | 'window') => median(rounds.map((round) => round[which]))
  console.log([name.padStart(12), of('layout').toFixed(1).padStart(11), of('floor').toFixed(1).padStart(10), of('window').toFixed(2).padStart(23)].join(' '))
}
