import type { Command } from 'commander'
import { clearCache, lookIntoCache } from '../../app/cache.ts'
import { formatBytes, formatTokens, plural } from '../../core/units.ts'
import { byteSize } from '../byte-size.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { wholeNumber, withSharedWorkspace, workspaceToLookAt, type WorkspaceOptions } from '../options.ts'
import { err, out, outJson } from '../terminal.ts'

type StatsOptions = WorkspaceOptions & { json?: boolean }
type PruneOptions = StatsOptions & { maxSize?: number; days?: number }

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withSharedWorkspace(command)
  command
    .command('stats', { isDefault: true })
    .description('say what the cache holds')
    .option('--json', 'print it as JSON')
    .action(async (_: unknown, called: Command) => exit(await stats(called.optsWithGlobals<StatsOptions>())))
  command
    .command('prune')
    .description('remove answers, those first that were not used for longest')
    .option('--max-size <size>', 'until the others take at most this much: 500MB, 2GB, or bytes', byteSize)
    .option('--days <n>', 'that were not used for so many days', wholeNumber)
    .option('--json', 'say as JSON what was removed')
    .action(async (_: unknown, called: Command) => exit(await prune(called.optsWithGlobals<PruneOptions>())))
}

async function stats(options: StatsOptions): Promise<ExitCode> {
  const workspace = await workspaceToLookAt(options)
  if (workspace === undefined) return EXIT.invalid
  const found = await lookIntoCache(workspace)
  if (options.json === true) {
    outJson(found, 2)
    return EXIT.done
  }
  const { entries, bytes, oldest, newest, tokens, damaged } = found
  out(`${plural(entries, 'answer')}, ${formatBytes(bytes)}`)
  if (oldest !== null && newest !== null) {
    out(`kept from ${day(oldest)} to ${day(newest)}`)
    if (tokens.input + tokens.output > 0) out(`when they were made: ${formatTokens(tokens.input)} tokens in, ${formatTokens(tokens.output)} out`)
  }
  if (damaged > 0) out(`${damaged} cannot be read, and will be made again`)
  return EXIT.done
}

async function prune({ maxSize, days, ...options }: PruneOptions): Promise<ExitCode> {
  if (maxSize === undefined && days === undefined) {
    err('error: say what may stay: --max-size 500MB, --days 30, or both')
    return EXIT.invalid
  }
  const workspace = await workspaceToLookAt(options)
  if (workspace === undefined) return EXIT.invalid
  const bounds = { ...(maxSize === undefined ? {} : { max_bytes: maxSize }), ...(days === undefined ? {} : { days }) }
  const pruned = await clearCache(workspace, bounds, Date.now())
  const { removed, bytes, left, left_bytes } = pruned
  if (options.json === true) outJson(pruned, 2)
  else out(`removed ${plural(removed, 'answer')}, ${formatBytes(bytes)}; ${plural(left, 'answer')} left, ${formatBytes(left_bytes)}`)
  return EXIT.done
}

const day = (at: string) => at.slice(0, 10)
