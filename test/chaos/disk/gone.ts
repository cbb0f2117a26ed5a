import assert from 'node:assert/strict'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../../random.ts'
import { openPlace, type Ended, type Place } from '../place.ts'
import type { Kind } from './kind.ts'
import { assertSaid, assertWhole, CONFIG, planOf, standing } from './work.ts'

const COUNT = 12

/** A plan that does not come to its end before something has gone wrong. */
const waitingPlan = (place: Place, random: Random) => planOf(random, COUNT, { until: join(place.dir, '..', 'wrong') })

/** Runs it, and does something about it when some commands have noted that they are at work, whichever chance says. */
async function wrongInTheMiddle(place: Place, random: Random, goWrong: () => Promise<void>): Promise<Ended> {
  const running = place.start(['run', 'plan.json', '--no-tui'])
  const notes = 1 + random.below(4)
  while ((await place.read('../done').catch(() => '')).split('\n').length <= notes) await pause(5)
  await goWrong()
  await place.write('../wrong', '')
  return running.ended
}

/** Somebody moves `runs/` away while a run is under way, and back; or deletes it. */
export const gone: Kind = {
  name: 'runs/ gone',
  run: async ({ dir, random, long }) => {
    const rounds = long ? 10 : 1
    for (let round = 0; round < rounds; round++) {
      for (const way of ['moved', 'deleted'] as const) {
        const place = await openPlace(join(dir, `${round}-${way}`, 'workspace'))
        try {
          await place.write('config.json', CONFIG)
          await place.write('plan.json', waitingPlan(place, random))
          const ended = await wrongInTheMiddle(place, random, () => (way === 'moved' ? rename(place.at('runs'), place.at('away')) : rm(place.at('runs'), { recursive: true, maxRetries: 5 })))
          assert.equal(ended.code, 1, ended.all)
          assertSaid(ended, /events\.jsonl: it is no longer there/, /tutti resume/)
          assert.deepEqual(await place.list('runs'), [], 'something was written where nobody looks for it')
          if (way === 'deleted') await assertWhole(place, undefined, await place.tutti(['run', 'plan.json', '--no-tui']))
          else {
            await rm(place.at('runs'), { recursive: true, force: true })
            await rename(place.at('away'), place.at('runs'))
            await assertWhole(place, await standing(place), await place.tutti(['resume', '--no-tui']))
          }
        } finally {
          await place.end()
        }
      }
    }
    return `${rounds} moved away and back, ${rounds} deleted: told, stopped, taken up, begun anew`
  },
}

export const readOnly: Kind = {
  name: 'read-only',
  run: async ({ dir, random, mounts }) => {
    if ('skipped' in mounts) return `skipped: ${mounts.skipped}`
    const place = await openPlace(join(dir, 'workspace'), mounts)
    const runs = join(place.dir, 'runs')
    const aside = join(dir, 'aside')
    // Made read-only beside it and then put over it: what is open for writing would not let it be made so in its place.
    const over = (path: string) => `mkdir -p ${aside} && mount --bind ${path} ${aside} && mount -o remount,bind,ro ${aside} && mount --bind ${aside} ${path} && umount ${aside}`
    try {
      await place.write('config.json', CONFIG)
      await place.write('plan.json', waitingPlan(place, random))
      await mounts.sh(`mkdir ${runs} && ${over(runs)}`)
      const refused = await place.tutti(['run', 'plan.json', '--no-tui'])
      assert.equal(refused.code, 1, refused.all)
      assertSaid(refused, /runs.*the file system is read-only/)
      assert.equal((await place.tutti(['status'])).code, 0)
      await mounts.sh(`umount ${runs}`)

      const ended = await wrongInTheMiddle(place, random, () => mounts.sh(over(runs)))
      assert.equal(ended.code, 1, ended.all)
      assertSaid(ended, /runs.*the file system is read-only.*tutti resume/s)
      const looked = await place.tutti(['show', 'last'])
      assert.equal(looked.code, 0, looked.all)
      const before = await standing(place)
      await mounts.sh(`umount ${runs}`)
      await assertWhole(place, before, await place.tutti(['resume', '--no-tui']))

      // A task file that cannot be filed away has been done all the same.
      await place.write('tasks/drop.md', '---\nprovider: rehearsal\n---\nSay something.\n')
      await mounts.sh(over(join(place.dir, 'tasks')))
      const done = await place.tutti(['run', 'tasks/drop.md', '--no-tui'])
      assertSaid(done, /tasks\/drop\.md.*read-only/)
      assert.equal((await place.record()).state.tasks.get('drop')?.state.status, 'complete', done.all)
      return 'refused before anything is run, stopped in mid-run and taken up; what cannot be filed away is told'
    } finally {
      await place.end()
    }
  },
}
