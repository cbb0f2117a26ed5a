import { existsSync } from 'node:fs'
import { appendFile, mkdir, readdir, readFile, rename, rmdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { LedgerLine } from '../../src/core/ledger.ts'
import { openLedger } from '../../src/store/ledger.ts'
import { closeAccount, openAccount, openAccounts } from '../../src/store/open-accounts.ts'
import { tempDir } from '../temp-dir.ts'

const settled = (task: string, day = '2026-11-20', more: object = {}): LedgerLine => ({
  v: 1,
  type: 'settled',
  at: '2026-11-20T12:00:00.000Z',
  day,
  project: 'p',
  run: 'r',
  task,
  attempt: 1,
  provider: 'x',
  micro_usd: 5,
  estimated: false,
  result: 'answered',
  ...more,
})
const corrected = (task: string): LedgerLine => {
  const { v, at, day, project, run, attempt, provider } = settled(task)
  return { v, at, day, project, run, task, attempt, provider, type: 'corrected', micro_usd: -2, reason: 'the bill says so', by: 'ada' }
}

async function all(runs: string, isWanted?: (month: string) => boolean): Promise<LedgerLine[]> {
  const lines: LedgerLine[] = []
  for await (const line of openLedger(runs).read(isWanted)) lines.push(line)
  return lines
}
const tasks = async (runs: string) => (await all(runs)).map(({ task }) => task)
const november = (runs: string) => join(runs, 'ledger', '2026-11.jsonl')

describe('the ledger', () => {
  it('is empty where nothing was ever spent', async () => {
    expect(await all(await tempDir())).toEqual([])
  })

  it('gives back what was written, in a file for each month', async () => {
    const runs = await tempDir()
    const lines = [settled('a', '2026-10-31'), settled('b'), corrected('b'), settled('c', '2026-12-01')]
    await openLedger(runs).append(lines.toReversed())
    expect(await all(runs)).toEqual([lines[0], lines[2], lines[1], lines[3]])
    expect(await all(runs, (month) => month === '2026-12')).toEqual([lines[3]])
    expect((await readFile(november(runs), 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line))).toEqual([lines[2], lines[1]])
  })

  it('holds a settlement once, however often it is handed in, and by whomever', async () => {
    const runs = await tempDir()
    const ledger = openLedger(runs)
    await Promise.all([ledger.append([settled('a'), settled('a')]), ledger.append([settled('a'), settled('b')])])
    await openLedger(runs).append([settled('b'), settled('a', '2026-11-20', { attempt: 2 })])
    await ledger.append([settled('a', '2026-11-20', { run: 'other' })])
    expect((await all(runs)).map(({ run, task, attempt }) => `${run} ${task} ${attempt}`)).toEqual(['r a 1', 'r b 1', 'r a 2', 'other a 1'])
  })

  it('holds every correction, also the same twice', async () => {
    const runs = await tempDir()
    await openLedger(runs).append([settled('a'), corrected('a'), corrected('a')])
    expect(await all(runs)).toHaveLength(3)
  })

  it('keeps the lines of two who write at the same moment apart', async () => {
    const runs = await tempDir()
    const [one, two] = [openLedger(runs), openLedger(runs)]
    const long = { model: 'm'.repeat(5_000) }
    await Promise.all(Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? one : two).append([settled(`t${index}`, '2026-11-20', long)])))
    expect(new Set(await tasks(runs))).toEqual(new Set(Array.from({ length: 40 }, (_, index) => `t${index}`)))
  })
})

describe('after a crash in the middle of a line', () => {
  it('the line does not count, and the next one is whole', async () => {
    const runs = await tempDir()
    await openLedger(runs).append([settled('a')])
    await appendFile(november(runs), JSON.stringify(settled('torn')).slice(0, 40))
    expect(await tasks(runs)).toEqual(['a'])
    await openLedger(runs).append([settled('torn'), settled('b')])
    expect(await tasks(runs)).toEqual(['a', 'torn', 'b'])
  })

  it('so it is wherever the line was cut, also by two crashes in a row', async () => {
    const line = JSON.stringify(settled('torn'))
    for (const cut of [1, 2, line.length - 1, line.length]) {
      const runs = await tempDir()
      await openLedger(runs).append([settled('a')])
      await appendFile(november(runs), line.slice(0, cut))
      await appendFile(november(runs), `\n\n${line.slice(0, cut)}${cut === 2 ? '\n' : ''}`)
      await openLedger(runs).append([settled('b')])
      await openLedger(runs).append([settled('c')])
      const torn = cut === line.length ? ['torn', 'torn'] : []
      expect(await tasks(runs), `cut at ${cut}`).toEqual(['a', ...torn, 'b', 'c'])
    }
  })

  it('so it is when another process leaves half a line while this one goes on', async () => {
    const runs = await tempDir()
    const ledger = openLedger(runs)
    await ledger.append([settled('a')])
    await appendFile(november(runs), '{"v":1,"ty')
    await ledger.append([settled('b')])
    expect(await tasks(runs)).toEqual(['a', 'b'])
  })

  it('a whole line that only lacks its end counts, and is not written again', async () => {
    const runs = await tempDir()
    await mkdir(join(runs, 'ledger'))
    await writeFile(november(runs), JSON.stringify(settled('a')))
    await openLedger(runs).append([settled('a'), settled('b')])
    expect(await tasks(runs)).toEqual(['a', 'b'])
  })
})

describe('a ledger that is damaged', () => {
  it.each([
    ['{"v":1,', 'is not JSON'],
    ['{"v":2,"type":"settled"}', 'is no line of a ledger that this version knows'],
    [JSON.stringify({ ...settled('x'), micro_usd: -1 }), 'micro_usd'],
  ])('is not added up: the line %s is named', async (line, message) => {
    const runs = await tempDir()
    await openLedger(runs).append([settled('a')])
    const text = `${await readFile(november(runs), 'utf8')}${line}\n${JSON.stringify(settled('b'))}\n`
    await writeFile(november(runs), text)
    await expect(all(runs)).rejects.toThrow(`${november(runs)}:2 `)
    await expect(all(runs)).rejects.toThrow(message)
    await expect(openLedger(runs).append([settled('c')])).rejects.toThrow(message)
    expect(await readFile(november(runs), 'utf8')).toBe(text)
  })

  it.runIf(existsSync('/dev/full'))('holds nothing twice of what was written before the disk was full', async () => {
    const runs = await tempDir()
    const ledger = openLedger(runs)
    await ledger.append([settled('a')])
    await rename(november(runs), join(runs, 'kept'))
    await symlink('/dev/full', november(runs))
    await expect(ledger.append([settled('b'), settled('c')])).rejects.toThrow('ENOSPC')
    await rename(join(runs, 'kept'), november(runs))
    await appendFile(november(runs), `${JSON.stringify(settled('b'))}\n${JSON.stringify(settled('c')).slice(0, 30)}`)
    await ledger.append([settled('b'), settled('c')])
    expect(await tasks(runs)).toEqual(['a', 'b', 'c'])
  })

  it('takes the lines that the disk refused when they are handed in again', async () => {
    const runs = await tempDir()
    await mkdir(november(runs), { recursive: true })
    const ledger = openLedger(runs)
    const lines = [settled('a', '2026-10-01'), settled('b')]
    await expect(ledger.append(lines)).rejects.toThrow('EISDIR')
    await rmdir(november(runs))
    await ledger.append(lines)
    expect(await tasks(runs)).toEqual(['a', 'b'])
  })
})

it('remembers which runs may have spent more than the ledger knows', async () => {
  const runs = await tempDir()
  expect(await openAccounts(runs)).toEqual([])
  await openAccount(runs, '20261120-120000-0001')
  await openAccount(runs, '20261120-120000-0000')
  await openAccount(runs, '20261120-120000-0000')
  expect(await openAccounts(runs)).toEqual(['20261120-120000-0000', '20261120-120000-0001'])
  await closeAccount(runs, '20261120-120000-0000')
  await closeAccount(runs, '20261120-120000-0000')
  expect(await openAccounts(runs)).toEqual(['20261120-120000-0001'])
})

it('is not made where runs/ has gone: nobody would look for it there', async () => {
  const runs = join(await tempDir(), 'runs')
  await expect(openLedger(runs).append([settled('a')])).rejects.toThrow(/ENOENT/)
  expect(await readdir(join(runs, '..'))).toEqual([])
})
