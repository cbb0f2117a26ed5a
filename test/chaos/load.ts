import assert from 'node:assert/strict'
import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Chaos, Fault } from './fault.ts'
import { memoryOf } from './load/memory.ts'
import { openPlace, type Place } from './place.ts'

type Sizes = { tasks: number; files: number; log_mb: number; running_s: number }

const SIZES: Record<'short' | 'long', Sizes> = {
  short: { tasks: 1_000, files: 150, log_mb: 20, running_s: 10 },
  long: { tasks: 100_000, files: 10_000, log_mb: 1_000, running_s: 600 },
}

/** What is written of a log in all the cases, in bytes. */
const MAX_LOG = 1_000_000
const RUNNING = 64
/** The long forms take their time. */
const HANGS_AFTER_MS = 3_600_000
/** MB that a process may grow by when it has warmed up: a heap breathes. */
const BREATH_MB = 40

export const load: Fault = {
  name: 'load',
  about: 'more than anybody hands in at once: a plan, files that are dropped, a log, and attempts that run side by side for long',
  run: async (chaos) => ({ seen: (await handInMuch(chaos, chaos.long ? SIZES.long : SIZES.short)).join('; ') }),
}

/** @returns what was seen of each, in a line */
export async function handInMuch({ long, dir, say }: Pick<Chaos, 'long' | 'dir' | 'say'>, { tasks, files, log_mb, running_s }: Sizes): Promise<string[]> {
  const within = async (name: string, work: (place: Place) => Promise<string>) => {
    const place = await openPlace(join(dir, name), undefined, long ? HANGS_AFTER_MS : undefined)
    try {
      const seen = await work(place)
      say(seen)
      return seen
    } finally {
      await place.end()
    }
  }
  // What runs side by side hardly needs the machine: the others go on beside it.
  const running = within('running', (place) => sideBySide(place, running_s))
  const others = async () => [await within('plan', (place) => largePlan(place, tasks)), await within('files', (place) => droppedFiles(place, files)), await within('log', (place) => longLog(place, log_mb))]
  const [seen, flat] = await Promise.all([others(), running])
  return [...seen, flat]
}

const config = (more: object = {}) => JSON.stringify({ providers: { noop: { type: 'rehearsal', latency_ms: 0, length: 0 } }, execution: { max_concurrent: 64, max_log_bytes: MAX_LOG, ...more } })

/** Runs the program to its end and looks at its memory meanwhile. */
async function measured(place: Place, args: readonly string[]): Promise<{ code: number | undefined; all: string; seconds: number; peak: number; tenths: number[] }> {
  const begun = performance.now()
  const program = place.start(args)
  const [ended, memory] = await Promise.all([program.ended, memoryOf(program.pid, program.ended)])
  return { code: ended.code, all: ended.all, seconds: Math.round((performance.now() - begun) / 100) / 10, ...memory }
}

async function largePlan(place: Place, count: number): Promise<string> {
  await place.write('config.json', config())
  await place.write('plan.json', JSON.stringify({ tasks: Array.from({ length: count }, (_, at) => ({ id: `t${at}`, prompt: `Say ${at}.`, provider: 'noop', depends_on: at < 100 ? [] : [`t${at - 100}`] })) }))
  const validated = await measured(place, ['validate', 'plan.json'])
  assert.equal(validated.code, 0, validated.all)
  const run = await measured(place, ['run', 'plan.json', '--no-tui', '--json'])
  assert.equal(run.code, 0, run.all.slice(-2000))
  const { state } = await place.record()
  assert.equal(state.counts.complete, count)
  return `${count} tasks in a plan: validated in ${validated.seconds} s (${validated.peak} MB), run in ${run.seconds} s (${run.peak} MB)`
}

async function droppedFiles(place: Place, count: number): Promise<string> {
  await place.write('config.json', config())
  await mkdir(place.at('tasks'), { recursive: true })
  const program = place.start(['up', '--json'])
  const memory = memoryOf(program.pid, program.ended)
  let ended: string | undefined
  program.ended.then(({ all }) => (ended = all.slice(-2000)), (error: unknown) => (ended = String(error)))
  while (!(await place.list('runs')).includes('control.sock') && ended === undefined) await pause(20)
  const begun = performance.now()
  await dropAll(place, count)
  for (let left = count; left > 0; left = count - (await place.list('tasks/completed')).length) {
    assert.equal(ended, undefined, `the conductor has left before they were done: ${ended}`)
    await pause(50)
  }
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  program.kill('SIGTERM')
  assert.equal((await program.ended).code, 143)
  const names = (at: string) => place.list(at).then((all) => all.filter((name) => name.endsWith('.md')))
  assert.deepEqual([await names('tasks'), await names('tasks/pending'), await names('tasks/failed')], [[], [], []], 'a file lies in more than one folder')
  assert.equal(new Set(await names('tasks/completed')).size, count)
  const done = (await filesIn(place.at('runs'))).filter((name) => name === 'output.md').length
  assert.equal(done, count, 'one of them was not done, or twice')
  return `${count} files dropped at once: all complete, each in one folder, in ${seconds} s (${(await memory).peak} MB)`
}

/** Written beside the folder and moved in: no file is dropped in halves. */
async function dropAll(place: Place, count: number): Promise<void> {
  await mkdir(place.at('new'))
  const names = Array.from({ length: count }, (_, at) => `f${at}.md`)
  for (const name of names) await writeFile(place.at(`new/${name}`), `---\nprovider: noop\n---\nSay ${name}.\n`)
  for (const name of names) await rename(place.at(`new/${name}`), place.at(`tasks/${name}`))
}

async function filesIn(dir: string): Promise<string[]> {
  return (await readdir(dir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => entry.name)
}

async function longLog(place: Place, megabytes: number): Promise<string> {
  await place.write('config.json', config())
  const says = (bytes: number) => JSON.stringify({ tasks: [{ id: 'talks', command: `yes 'a line of a long log, and nothing that matters in it' | head -c ${bytes} >&2`, timeout_s: 3600 }] })
  await place.write('little.json', says(1000))
  await place.write('much.json', says(megabytes * 1_000_000))
  const little = await measured(place, ['run', 'little.json', '--no-tui'])
  assert.equal(little.code, 0, little.all)
  const much = await measured(place, ['run', 'much.json', '--no-tui'])
  assert.equal(much.code, 0, much.all)
  const { size } = await stat(join((await place.newest()).path, 'logs', 'talks.1.log'))
  assert.ok(size < MAX_LOG + 200_000, `the log has ${size} bytes, and is to have ${MAX_LOG}`)
  const grown = much.peak - little.peak
  assert.ok(grown < 2 * BREATH_MB, `a log of ${megabytes} MB takes ${grown} MB more than none`)
  return `a log of ${megabytes} MB: cut off at ${size} bytes, in ${much.seconds} s, ${much.peak} MB, ${grown} MB above a short one`
}

/** Attempts that say something all the time. */
async function sideBySide(place: Place, seconds: number): Promise<string> {
  const talks = { type: 'rehearsal', latency_ms: seconds * 1000, length: 20_000 }
  await place.write('config.json', JSON.stringify({ providers: { talks }, execution: { max_concurrent: RUNNING, max_log_bytes: MAX_LOG, timeout_s: seconds + 600 } }))
  await place.write('plan.json', JSON.stringify({ tasks: Array.from({ length: RUNNING }, (_, at) => ({ id: `t${at}`, prompt: `Talk of ${at}.`, provider: 'talks' })) }))
  const { code, all, tenths } = await measured(place, ['run', 'plan.json', '--no-tui'])
  assert.equal(code, 0, all.slice(-2000))
  if (tenths.length === 0) return `${RUNNING} attempts for ${seconds} s; what they hold in memory cannot be seen here`
  // The last tenth is the end of all of them, and their answers.
  const warm = Math.max(...tenths.slice(2, 5))
  const late = Math.max(...tenths.slice(-4, -1))
  assert.ok(late - warm < BREATH_MB, `it grows: ${tenths.join(', ')} MB`)
  return `${RUNNING} attempts for ${seconds} s: ${tenths.join(', ')} MB, ${late - warm} MB of growth after warm-up`
}
