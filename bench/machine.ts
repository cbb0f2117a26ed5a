import { execFileSync } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { arch, cpus, loadavg, platform, release, tmpdir } from 'node:os'
import * as z from 'zod'

/** Where something was measured. */
export const Machine = z.object({
  cpu: z.string(),
  cores: z.number().int(),
  node: z.string(),
  os: z.string(),
  /** Where the files of the bench lie: TMPDIR says so. A flush to memory costs nothing. */
  files: z.enum(['on a disk', 'in memory']),
})
export type Machine = z.infer<typeof Machine>

/** Linux's number for tmpfs. */
const TMPFS = 0x01021994

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown processor',
    cores: cpus().length,
    node: process.version,
    os: `${platform()} ${release()} ${arch()}`,
    files: statfsSync(tmpdir()).type === TMPFS ? 'in memory' : 'on a disk',
  }
}

/** See `Report.busy`. */
export function busyNow(): number {
  return Number(((loadavg()[0] ?? 0) / cpus().length).toFixed(1))
}

/** Whether figures of the one can be held against those of the other: ratios make up for a faster clock, not for another Node. */
export function isSameKind(one: Machine, other: Machine): boolean {
  const kind = ({ cpu, cores, node, os, files }: Machine) => JSON.stringify([cpu, cores, node.split('.')[0], os.split(' ')[0], files])
  return kind(one) === kind(other)
}

/** The commit that is measured, and whether there is more than it in the folder. */
export function thisCommit(): { commit: string; dirty: boolean } {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim()
  // What the bench writes is no change of what is measured.
  return { commit: git('rev-parse', '--short', 'HEAD'), dirty: git('status', '--porcelain', '--untracked-files=no', '--', '.', ':!bench/results', ':!README.md') !== '' }
}
