import { mkdir, open, readdir, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import lockfile from 'proper-lockfile'
import { monthOf } from '../core/calendar.ts'
import { errorCode } from '../core/error.ts'
import { attemptKey, LedgerLine } from '../core/ledger.ts'
import { linesOf } from './lines.ts'

/**
 * What has been spent in a workspace: `runs/ledger/YYYY-MM.jsonl`, one line a settlement or correction, in the
 * file of the month that it counts for. Lines are appended and never changed. A run's conductor appends, and
 * somebody who corrects a settlement may append beside it: each batch is one write to the end of a file.
 */
export type Ledger = {
  /**
   * Appends lines and waits until they are on disk. A settlement that is there already is left out, so what a
   * crash may or may not have written can be handed in again.
   */
  append: (lines: readonly LedgerLine[]) => Promise<void>
  /**
   * The lines of some months, or of all, in constant memory.
   * @throws {Error} naming file and line, when one cannot be understood
   */
  read: (isWanted?: (month: string) => boolean) => AsyncGenerator<LedgerLine>
}

/** What an appender has to know of a month. `torn`: a line at the end was cut off by a crash. */
type Month = { settled: Set<string>; torn: boolean }

const MONTH_FILE = /^(\d{4}-\d{2})\.jsonl$/

/** @param runs the workspace's `runs/`, absolute. It has to be there; the ledger may not be there yet. */
export function openLedger(runs: string): Ledger {
  const folder = join(runs, 'ledger')
  const pathOf = (month: string) => join(folder, `${month}.jsonl`)
  const known = new Map<string, Month>()
  let work: Promise<void> = Promise.resolve()

  async function append(lines: readonly LedgerLine[]): Promise<void> {
    // Below a `runs/` that somebody has moved away nothing is made: nobody would look for it there.
    await mkdir(folder).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error
    })
    for (const month of new Set(lines.map(({ day }) => monthOf(day)))) {
      await appendTo(
        month,
        lines.filter(({ day }) => monthOf(day) === month),
      )
    }
  }

  async function appendTo(month: string, lines: readonly LedgerLine[]): Promise<void> {
    const file = await open(pathOf(month), 'a+')
    try {
      const { settled, torn } = known.get(month) ?? (await load(pathOf(month)))
      // Until all has gone well nothing is known: the next call looks at the file again.
      known.delete(month)
      const fresh = lines.filter((line) => line.type === 'corrected' || addTo(settled, attemptKey(line)))
      const text = fresh.map((line) => `${JSON.stringify(line)}\n`).join('')
      if (text !== '') await write(file, `${await startOf(file, torn)}${text}`)
      known.set(month, { settled, torn: torn && text === '' })
    } finally {
      await file.close()
    }
  }

  async function* read(isWanted: (month: string) => boolean = () => true): AsyncGenerator<LedgerLine> {
    const names = await readdir(folder).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return []
      throw error
    })
    const months = names.flatMap((name) => MONTH_FILE.exec(name)?.[1] ?? [])
    for (const month of months.sort()) if (isWanted(month)) yield* readMonth(pathOf(month))
  }

  return {
    append: (lines) => {
      const done = work.then(() => append(lines))
      work = done.catch(() => {})
      return done
    },
    read,
  }
}

/**
 * Does something with the ledger that nobody else does meanwhile: a correction rests on what has been read before it.
 * @param runs the workspace's `runs/`, absolute
 */
export async function aloneWithLedger<Result>(runs: string, work: () => Promise<Result>): Promise<Result> {
  await mkdir(join(runs, 'ledger'), { recursive: true })
  const release = await lockfile.lock(join(runs, 'ledger'), {
    lockfilePath: join(runs, 'ledger', 'correcting'),
    stale: 10_000,
    retries: { retries: 60, minTimeout: 25, maxTimeout: 250 },
  })
  try {
    return await work()
  } finally {
    await release()
  }
}

/** Whether it was not there before. */
function addTo(set: Set<string>, key: string): boolean {
  return set.size < set.add(key).size
}

async function load(path: string): Promise<Month> {
  const month: Month = { settled: new Set(), torn: false }
  const lines = readMonth(path, () => (month.torn = true))
  for await (const line of lines) if (line.type === 'settled') month.settled.add(attemptKey(line))
  return month
}

/**
 * One file's lines. A line that is not JSON was torn by a crash when it is the last one, or when an empty line
 * follows it: that is how the next append closes it. It was never settled.
 */
async function* readMonth(path: string, torn: () => void = () => {}): AsyncGenerator<LedgerLine> {
  let number = 0
  let broken: number | undefined
  for await (const texts of linesOf(path)) {
    for (const text of texts) {
      number++
      if (text.trim() === '') {
        broken = undefined
        continue
      }
      if (broken !== undefined) throw new Error(damage(path, broken, 'is not JSON'))
      const value = parse(text)
      if (value === undefined) broken = number
      else yield lineOf(value, path, number)
    }
  }
  if (broken !== undefined) torn()
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function lineOf(value: unknown, path: string, number: number): LedgerLine {
  const parsed = LedgerLine.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Error(damage(path, number, `is no line of a ledger that this version knows (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`))
}

function damage(path: string, number: number, what: string): string {
  return `${path}:${number} ${what}; what has been spent cannot be told without it: mend the line, or take it out`
}

/** What has to stand before the next line so that it is a line of its own. Whoever writes at the same moment makes it an empty line at worst. */
async function startOf(file: FileHandle, torn: boolean): Promise<string> {
  const { size } = await file.stat()
  if (size === 0) return ''
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return torn || buffer.toString() !== '\n' ? '\n\n' : ''
}

/** One write, so that lines of two writers never mix. */
async function write(file: FileHandle, text: string): Promise<void> {
  const bytes = Buffer.from(text)
  const { bytesWritten } = await file.write(bytes)
  if (bytesWritten < bytes.length) throw new Error('the ledger could not be written: the disk is full')
  await file.datasync()
}
