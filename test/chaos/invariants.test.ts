import { appendFile, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Event } from '../../src/core/events.ts'
import { seededRandom } from '../random.ts'
import { tempDir } from '../temp-dir.ts'
import { conductHereToTheEnd } from './conduct-here.ts'
import { expectTheEnd, expectWhatHoldsAlways } from './expect.ts'
import {
  everyFileLiesOnce,
  everyTaskEndsOnce,
  everyTaskHasEnded,
  ledgerEqualsManifests,
  manifestIsTheLog,
  noJsonIsTorn,
  noLimitIsPassed,
  noProcessIsLeft,
  nothingCompletedRunsAgain,
  nothingRunsUnrecorded,
  outputsAreAsRecorded,
  tasksEndedAsPlanned,
  whatIsChargedIsSettled,
} from './invariants.ts'
import { fold, whatIsLeft, type Left, type LeftRun } from './left.ts'
import { mixedPlan } from './mixed-plan.ts'
import { openMixedWorld, type MixedWorld } from './mixed-world.ts'

/*
 * An invariant that cannot be broken says nothing: each is held against a run that was broken on purpose.
 */

let world: MixedWorld
let run: LeftRun
let left: Left

beforeAll(async () => {
  world = await openMixedWorld(await mkdtemp(join(tmpdir(), 'tutti-test-')), mixedPlan(seededRandom(20_261), 6), { cache: 'off', pause_ms: 0 })
  run = await conductHereToTheEnd(world)
  left = await whatIsLeft(world.workspace.dir)
}, 60_000)
afterAll(async () => {
  await world.end()
  await rm(world.workspace.dir, { recursive: true, force: true })
})

/** The same run with other events. */
const told = (events: Event[]): LeftRun => ({ ...run, events, state: fold(events) })
const last = (type: Event['type']) => run.events.findLastIndex((event) => event.type === type)
const names = () => world.plan.files.map(({ name }) => name)

/** The workspace as it is, in another folder. */
async function copied(): Promise<Left> {
  const dir = await tempDir()
  await cp(world.workspace.dir, dir, { recursive: true, filter: (path) => basename(path) !== 'control.sock' })
  return whatIsLeft(dir)
}

it('all hold of a run that nobody has broken', async () => {
  await expectWhatHoldsAlways(world, new Map(), false)
  await expectTheEnd(world, run)
})

describe('what is noticed in a log:', () => {
  it('a task that ends twice', () => {
    const twice = run.events[last('task.ended')]
    if (twice === undefined) throw new Error('tasks have ended')
    expect(() => everyTaskEndsOnce({ ...run, events: [...run.events, twice] })).toThrow(/ended by event/)
  })

  it('a task that has not ended', () => {
    expect(() => everyTaskHasEnded(told(run.events.slice(0, last('task.ended'))))).toThrow(/have not ended/)
  })

  it('an end that is not the one that was planned', () => {
    expect(() => tasksEndedAsPlanned(run, { ...world.plan, tasks: world.plan.tasks.map((task) => ({ ...task, ends: 'cancelled' as const })) })).toThrow(/as they would have/)
  })

  it('a limit that is passed', () => {
    const dear = run.events.map((event) => (event.type === 'attempt.finished' && event.settled !== undefined ? { ...event, settled: { ...event.settled, micro_usd: 1_000_000_000 } } : event))
    expect(() => noLimitIsPassed({ ...run, events: dear })).toThrow(/against the limit/)
  })
})

describe('what is noticed of what has run:', () => {
  it('more than is recorded', async () => {
    const ran = await world.ran()
    const [task = ''] = ran.keys()
    expect(() => nothingRunsUnrecorded(run, new Map([...ran, [task, 99]]))).toThrow(/has run 99 times/)
  })

  it('what was complete, once more', async () => {
    const ran = await world.ran()
    const again = new Map([...ran].map(([task, times]) => [task, times + 1]))
    expect(() => nothingCompletedRunsAgain(ran, again)).toThrow(/was complete after/)
  })

  it('more that was charged than is settled', () => {
    const [[task, charged] = ['', 0]] = world.servers.charged
    expect(() => whatIsChargedIsSettled(run, new Map([[task, charged + 1_000_000]]))).toThrow(/were settled/)
  })

  it('a process that is still there', async () => {
    await expect(noProcessIsLeft(() => Promise.resolve([process.pid]), 0)).rejects.toThrow(/left behind/)
  })
})

describe('what is noticed on disk:', () => {
  it('a line that the ledger lacks, and one with another amount', () => {
    const [first, ...others] = left.ledger
    if (first?.type !== 'settled') throw new Error('an attempt is settled')
    expect(() => ledgerEqualsManifests({ ...left, ledger: others })).toThrow(/the ledger does not say/)
    expect(() => ledgerEqualsManifests({ ...left, ledger: [{ ...first, micro_usd: first.micro_usd + 1 }, ...others] })).toThrow(/the ledger does not say/)
  })

  it('a manifest that is not what the log comes to', () => {
    expect(() => manifestIsTheLog({ ...run, manifest: { ...Object(run.manifest), seq: 1 } })).toThrow(/not what its log comes to/)
  })

  it('a manifest and a log that are torn', async () => {
    const broken = await copied()
    const [{ folder } = run] = broken.runs
    await writeFile(folder.manifest, (await readFile(folder.manifest, 'utf8')).slice(0, -10))
    await expect(noJsonIsTorn(broken, false)).rejects.toThrow(/is not JSON/)
    await writeFile(folder.manifest, '{}')
    await appendFile(folder.events, '{"v":1,')
    await expect(noJsonIsTorn(broken, false)).rejects.toThrow(/does not end with a line end/)
    await noJsonIsTorn(broken, true)
  })

  it('a task file that lies in two folders, or in none', async () => {
    const { dir } = await copied()
    const [name = ''] = names()
    const places = await readdir(join(dir, 'tasks'), { recursive: true })
    const path = places.find((place) => basename(place) === name)
    if (path === undefined) throw new Error('it lies somewhere')
    const other = join(dir, 'tasks', dirname(path) === 'failed' ? 'completed' : 'failed')
    await mkdir(other, { recursive: true })
    await copyFile(join(dir, 'tasks', path), join(other, name))
    await expect(everyFileLiesOnce(dir, names())).rejects.toThrow(/lies in tasks.* and tasks/)
    await rm(join(dir, 'tasks', path))
    await rm(join(other, name))
    await expect(everyFileLiesOnce(dir, names())).rejects.toThrow(/lies in no folder/)
  })

  it('an output that is another, or gone', async () => {
    const { runs: [broken = run] } = await copied()
    const output = [...broken.state.tasks.values()].flatMap(({ state, attempts }) => {
      const outcome = attempts.at(-1)?.outcome
      return state.status === 'complete' && outcome?.result === 'answered' && outcome.output !== undefined ? [outcome.output.path] : []
    })[0]
    if (output === undefined) throw new Error('a task has answered')
    await appendFile(join(broken.folder.path, output), '!')
    await expect(outputsAreAsRecorded(broken)).rejects.toThrow(/not what was recorded/)
    await rm(join(broken.folder.path, output))
    await expect(outputsAreAsRecorded(broken)).rejects.toThrow(/not there/)
  })
})
