import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Contracts } from './contracts.ts'

/**
 * The most memory that this process has had at once, in MB. Linux counts into `maxRSS` what the process that started
 * it had at that moment, so there it is the kernel's own mark of this program.
 */
export function peakMb(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024
  const [, kb] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return Number(kb) / 1024
}

/** Begins to count seconds, of the clock and of CPU. */
export function stopwatch(): () => { seconds: number; cpu_s: number } {
  const begun = performance.now()
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    return { seconds: (performance.now() - begun) / 1000, cpu_s: (user + system) / 1e6 }
  }
}

/** Counts from now on every flush of this process, whoever makes it. @param path of a file that may be opened for it */
export async function countFlushes(path: string): Promise<() => number> {
  let count = 0
  const file = await open(path, 'a')
  const methods = Object.getPrototypeOf(file) as Record<'sync' | 'datasync', () => Promise<void>>
  await file.close()
  for (const name of ['sync', 'datasync'] as const) {
    const flush = methods[name]
    methods[name] = function counted(this: unknown) {
      count++
      return flush.call(this)
    }
  }
  return () => count
}

/** What this program was given. */
export function given<Name extends keyof Contracts>(name: Name): Contracts[Name]['given'] {
  if (process.argv[1]?.endsWith(`${name}.mjs`) !== true) throw new Error(`bug: ${process.argv[1]} asks for what ${name} was given`)
  return JSON.parse(process.argv[2] ?? '{}') as Contracts[Name]['given']
}

/** Hands over what was measured, in one line. */
export function tell<Name extends keyof Contracts>(_: Name, told: Contracts[Name]['told']): void {
  process.stdout.write(`${JSON.stringify(told)}\n`)
}
