// npm run bench: what Tutti costs, each figure beside a baseline measured in the same run.
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { errorMessage } from '../src/core/error.ts'
import { compare } from './compare.ts'
import { remark, type Line } from './figure.ts'
import { busyNow, thisCommit, thisMachine } from './machine.ts'
import { bundlePrograms, runProgram, startProgram } from './programs.ts'
import { newestOfKind, readReport, reportsIn, writeReport, type Report } from './report.ts'
import type { Bench } from './row.ts'
import { ROWS } from './rows/all.ts'
import { markdown, tableLines, TABLE_HEAD } from './table.ts'
import { changeText, machineText, reportText } from './words.ts'

const USAGE = `npm run bench -- [options]

  --only <row>      measure this row only (repeatable): ${ROWS.map(({ name }) => name).join(', ')}
  --quick           one round of each, for a first look
  --compare [file]  say what got slower since an earlier result; the newest of such a machine where none is named
  --readme          print the newest result for the README, and measure nothing
  --bullmq          fetch BullMQ for this one time, where it is not here
  --explain         say what each row measures, and measure nothing

What was measured is written to bench/results/, a file for each day and commit. TMPDIR says where the files of the bench lie.`

const { values, positionals } = parseArgs({
  options: { only: { type: 'string', multiple: true }, quick: { type: 'boolean' }, compare: { type: 'boolean' }, readme: { type: 'boolean' }, bullmq: { type: 'boolean' }, explain: { type: 'boolean' }, help: { type: 'boolean' } },
  allowPositionals: true,
})
const unknown = values.only?.filter((name) => !ROWS.some((row) => row.name === name)) ?? []

if (values.help === true || unknown.length > 0 || (positionals.length > 0 && values.compare !== true)) {
  console.log(USAGE)
  process.exitCode = values.help === true ? 0 : 2
} else if (values.explain === true) {
  for (const { name, about, baseline } of ROWS) console.log(`${name}\n  ${about}\n  beside: ${baseline}\n`)
} else if (values.readme === true) {
  const [newest] = await reportsIn()
  if (newest === undefined) throw new Error('there is no result yet: npm run bench')
  process.stdout.write(markdown(newest))
} else {
  const report = await withBench((bench) => measure(bench))
  if (values.compare === true) await tellChanges(report, positionals[0])
  console.log(`\nwritten to ${await writeReport(report)}`)
}

async function measure(bench: Bench): Promise<Report> {
  const report: Report = { v: 1, at: new Date().toISOString(), ...thisCommit(), quick: values.quick === true, machine: thisMachine(), busy: busyNow(), rows: [] }
  console.log(`${machineText(report.machine)}\n${reportText(report)}; medians, and the middle half of the rounds' ratios\n\n${TABLE_HEAD}`)
  for (const { run, ...row } of ROWS) {
    if (values.only !== undefined && !values.only.includes(row.name)) continue
    const lines = await run(bench).catch(notMeasured)
    report.rows.push({ ...row, lines })
    console.log(`${row.name}\n${tableLines(lines).join('\n')}`)
  }
  return report
}

/** The other rows are worth having all the same. */
function notMeasured(error: unknown): Line[] {
  console.error(error)
  process.exitCode = 1
  return [remark(`not measured: ${errorMessage(error)}`)]
}

async function withBench<Result>(work: (bench: Bench) => Promise<Result>): Promise<Result> {
  const dir = await mkdtemp(join(tmpdir(), 'tutti-bench-'))
  // What was started ends with it, and nothing stays on the disk.
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
  const programs = join(dir, 'programs')
  await bundlePrograms(programs)
  return work({
    rounds: (full) => (values.quick === true ? 1 : full),
    program: (name, given) => runProgram(programs, name, given),
    server: (name, given) => startProgram(programs, name, given),
    folder: () => mkdtemp(join(dir, 'w')),
    mayFetchBullMq: values.bullmq === true,
  })
}

async function tellChanges(report: Report, file: string | undefined): Promise<void> {
  const earlier = file === undefined ? newestOfKind(await reportsIn(), report) : await readReport(file)
  if (earlier === undefined) return console.log('\nthere is no earlier result of a machine like this one to compare with')
  const changes = compare(report, earlier).filter(({ verdict }) => verdict !== 'noise')
  const told = (verdict: string) => changes.filter((change) => change.verdict === verdict).map((change) => `  ${changeText(change)}`)
  console.log(`\nsince ${reportText(earlier)}, by the ratios:`)
  console.log([...told('worse'), ...told('better')].join('\n') || '  nothing beyond noise')
  if (told('worse').length > 0) process.exitCode = 1
}
