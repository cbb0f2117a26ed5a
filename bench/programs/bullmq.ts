// The same number of jobs through BullMQ. Its flows are trees, so what a plan in layers depends on cannot be said: these jobs depend on nothing.
import { createRequire } from 'node:module'
import { given, stopwatch, tell } from '../process-cost.ts'

type Queue = { addBulk: (jobs: { name: string; data: object }[]) => Promise<unknown>; close: () => Promise<void> }
type Worker = { on: (event: 'completed', call: () => void) => void; close: () => Promise<void> }
type BullMq = {
  Queue: new (name: string, options: object) => Queue
  Worker: new (name: string, work: () => Promise<void>, options: object) => Worker
}

const { folder, socket, tasks, at_once } = given('bullmq')
const { Queue, Worker } = createRequire(import.meta.url)(folder) as BullMq
const connection = { path: socket, maxRetriesPerRequest: null }
const name = `bench-${process.pid}`

const stop = stopwatch()
const queue = new Queue(name, { connection })
const jobs = Array.from({ length: tasks }, (_, index) => ({ name: 'noop', data: { id: `t${index}`, prompt: `do t${index}` } }))
for (let at = 0; at < tasks; at += 1000) await queue.addBulk(jobs.slice(at, at + 1000))
const worker = new Worker(name, () => Promise.resolve(), { connection, concurrency: at_once })
let left = tasks
await new Promise<void>((resolve) => worker.on('completed', () => --left === 0 && resolve()))
const cost = stop()
await worker.close()
await queue.close()
tell('bullmq', cost)
process.exit()
