import { Worker } from 'node:worker_threads'

export type Search = 'found' | 'not-found' | 'too-slow' | 'aborted'

/** As a text, because a bundle has no file of its own for it. */
const SOURCE = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { pattern, flags, text } = workerData
  parentPort.postMessage(new RegExp(pattern, flags).test(text))
`

/**
 * Looks for a valid regular expression in a text, on a thread of its own: an expression can take
 * longer than the universe lasts, and JavaScript has no other way to end one.
 */
export async function searchInWorker(
  search: { pattern: string; flags: string; text: string },
  { limit_ms, signal }: { limit_ms: number; signal: AbortSignal },
): Promise<Search> {
  if (signal.aborted) return 'aborted'
  const worker = new Worker(SOURCE, { eval: true, workerData: search, env: {}, execArgv: [] })
  const settled = new AbortController()
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<Search>((resolve, reject) => {
      worker.once('message', (found: boolean) => resolve(found ? 'found' : 'not-found'))
      worker.once('error', reject)
      // Counted from here on, so that a busy machine's slow start of the thread is not held against it.
      worker.once('online', () => {
        timer = setTimeout(() => resolve('too-slow'), limit_ms)
      })
      signal.addEventListener('abort', () => resolve('aborted'), { signal: settled.signal })
    })
  } finally {
    clearTimeout(timer)
    settled.abort()
    await worker.terminate()
  }
}
