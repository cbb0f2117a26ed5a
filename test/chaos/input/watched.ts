import { Worker } from 'node:worker_threads'

/** A case may take so long, in ms of this process's own time: what others do on the machine does not count. */
const SLOW_MS = 1000
/** After so long without a new case, in ms, there is none to come. */
const STUCK_MS = 60_000

/** Cases one after the other: what takes too long is told, and what never comes back ends the process with the case in its words. */
export type Watched = {
  /** Begins one. Call the result at its end; throws where it took too long. @param about said where it hangs */
  begin: (about: string) => () => void
  count: () => number
  slowest: () => number
  end: () => Promise<unknown>
}

/** In a thread of its own: nothing in this one goes on while a case hangs. */
const WATCHER = `
const { workerData: { beats, text, stuck } } = require('node:worker_threads')
const { writeSync } = require('node:fs')
let last = -1
setInterval(() => {
  const now = Atomics.load(beats, 0)
  if (now === last && Atomics.load(beats, 1) > 0) {
    writeSync(2, 'a case hangs: ' + Buffer.from(text).subarray(0, Atomics.load(beats, 1)).toString() + '\\n')
    process.kill(process.pid, 'SIGKILL')
  }
  last = now
}, stuck)
`

export function startWatching(): Watched {
  const beats = new Int32Array(new SharedArrayBuffer(8))
  const text = new Uint8Array(new SharedArrayBuffer(100_000))
  const watcher = new Worker(WATCHER, { eval: true, workerData: { beats, text, stuck: STUCK_MS } })
  watcher.unref()
  let count = 0
  let slowest = 0
  return {
    begin: (about) => {
      count++
      const words = Buffer.from(about).subarray(0, text.length)
      text.set(words)
      Atomics.store(beats, 1, words.length)
      Atomics.add(beats, 0, 1)
      const begun = process.cpuUsage()
      return () => {
        const took = process.cpuUsage(begun).user / 1000
        Atomics.store(beats, 1, 0)
        slowest = Math.max(slowest, took)
        if (took > SLOW_MS) throw new Error(`it took ${Math.round(took)} ms: ${about.slice(0, 2000)}`)
      }
    },
    count: () => count,
    slowest: () => slowest,
    end: () => watcher.terminate(),
  }
}
