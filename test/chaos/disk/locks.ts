import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rmdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openPlace, type Place } from '../place.ts'
import type { Kind } from './kind.ts'
import { assertSaid, assertWhole, CONFIG, DONE } from './work.ts'

/** Commands, one behind the other, that notice when another one is at work: then there are two conductors. */
function alone(count: number): string {
  const command = (at: number) => `mkdir ../busy || touch ../clash; echo t${at} >> ${DONE}; sleep 0.05; rmdir ../busy`
  return JSON.stringify({ tasks: Array.from({ length: count }, (_, at) => ({ id: `t${at}`, command: command(at), cwd: '.', retries: 0, ...(at === 0 ? { requires_approval: true } : { depends_on: [`t${at - 1}`] }) })) })
}

const RACERS = 4

export const racing: Kind = {
  name: 'conductors that race',
  run: async ({ dir, random, long }) => {
    const rounds = long ? 25 : 1
    let turnedAway = 0
    for (let round = 0; round < rounds; round++) {
      const place = await openPlace(join(dir, `${round}`, 'workspace'))
      try {
        await place.write('config.json', CONFIG)
        await place.write('plan.json', alone(4))
        assert.equal((await place.tutti(['run', 'plan.json', '--no-tui'])).code, 4)
        // A lock that a dead one has left is taken over by one of them only.
        if (random.below(2) === 0) await deadLock(place)
        const racers = Array.from({ length: RACERS }, async () => {
          await pause(random.below(150))
          return place.tutti(['resume', '--yes', '--no-tui'])
        })
        const ended = await Promise.all(racers)
        assert.ok(!(await place.list('..')).includes('clash'), 'two conductors were at work at the same time')
        const won = ended.find(({ all }) => all.includes('was taken up where it was left'))
        assert.ok(won !== undefined, `nobody took it up:\n${ended.map(({ all }) => all).join('\n')}`)
        for (const each of ended) {
          if (each === won) continue
          assertSaid(each, /one at a time|is conducted already|--yes|is over|no unfinished run|was left before this came/)
          turnedAway++
        }
        await assertWhole(place, undefined, won)
      } finally {
        await place.end()
      }
    }
    return `${rounds} times ${RACERS} at once: one worked, ${turnedAway} were turned away`
  },
}

type Stale = { name: string; leave: (place: Place) => Promise<(() => void) | void> }

/** What somebody may have left of a lock who is no longer there. */
const STALE: readonly Stale[] = [
  { name: 'of a dead process', leave: deadLock },
  { name: 'of a number that lives again', leave: livingLock },
  { name: 'of zero bytes', leave: (place) => place.write('runs/conductor.lock', '') },
  { name: 'that is being taken by a dead process', leave: (place) => takingSince(place, -60) },
]

export const staleLock: Kind = {
  name: 'stale lock',
  run: async ({ dir, long }) => {
    for (const [at, { name, leave }] of STALE.entries()) {
      const place = await openPlace(join(dir, `${at}`, 'workspace'))
      let undo: (() => void) | void = undefined
      try {
        await place.write('config.json', CONFIG)
        await place.write('task.md', '---\nprovider: rehearsal\n---\nSay something.\n')
        await mkdir(place.at('runs'), { recursive: true })
        undo = await leave(place)
        const { code, all } = await place.tutti(['run', 'task.md', '--no-tui'])
        assert.equal(code, 0, `a lock ${name} keeps the next one out:\n${all}`)
        assert.ok(!(await place.list('runs')).includes('conductor.lock'))
      } finally {
        undo?.()
        await place.end()
      }
    }
    if (long) await takenInAnHour(join(dir, 'future', 'workspace'))
    return `${STALE.length} kinds, each taken over`
  },
}

/** Killed while it took the lock, and the clock was set back since: nobody can tell that from one who is about to take it. */
async function takenInAnHour(dir: string): Promise<void> {
  const place = await openPlace(dir)
  await place.write('task.md', '---\nprovider: rehearsal\n---\nSay something.\n')
  await mkdir(place.at('runs'))
  await takingSince(place, 3600)
  const refused = await place.tutti(['run', 'task.md', '--no-tui'])
  assert.equal(refused.code, 1, refused.all)
  assertSaid(refused, /conductor\.lock\.taking: .* delete it/)
  await rmdir(place.at('runs/conductor.lock.taking'))
  assert.equal((await place.tutti(['run', 'task.md', '--no-tui'])).code, 0)
}

/** A lock as the program writes it. */
async function lockOf(place: Place, pid: number): Promise<string> {
  const plan = { tasks: [{ id: 'slow', command: 'sleep 60' }] }
  await place.write('../other/plan.json', JSON.stringify(plan))
  const other = await openPlace(join(place.dir, '..', 'other'))
  const running = other.start(['run', 'plan.json', '--no-tui'])
  try {
    for (;;) {
      const text = await other.read('runs/conductor.lock').catch(() => '')
      if (text !== '') return JSON.stringify({ ...(JSON.parse(text) as object), pid })
      await pause(10)
    }
  } finally {
    running.kill('SIGKILL')
    await other.end()
  }
}

async function deadLock(place: Place): Promise<void> {
  const dead = spawn('true')
  await once(dead, 'exit')
  await writeFile(place.at('runs/conductor.lock'), await lockOf(place, dead.pid ?? 0))
}

async function livingLock(place: Place): Promise<() => void> {
  const living = spawn('sleep', ['600'])
  await writeFile(place.at('runs/conductor.lock'), await lockOf(place, living.pid ?? 0))
  return () => void living.kill()
}

/** Somebody was killed in the moment in which they took it. @param seconds when, from now */
async function takingSince(place: Place, seconds: number): Promise<void> {
  const taking = place.at('runs/conductor.lock.taking')
  await mkdir(taking)
  const at = Date.now() / 1000 + seconds
  await utimes(taking, at, at)
}
