import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openPlace, type Place } from '../place.ts'
import type { Given, Kind } from './kind.ts'
import { assertSaid, assertWhole, CONFIG, planOf, standing } from './work.ts'

const ROUNDS = { short: 1, long: 30 }
const PAGE = 4096
const COUNT = 12

/** Everything that a run writes lies on a disk that is too small for it, by how much is left to chance. */
export const full: Kind = {
  name: 'disk full',
  run: async ({ random, long, dir, mounts }) => {
    if ('skipped' in mounts) return `skipped: ${mounts.skipped}`
    const rounds = long ? ROUNDS.long : ROUNDS.short
    let taken = 0
    for (let round = 0; round < rounds; round++) {
      const place = await openPlace(join(dir, `${round}`, 'workspace'), mounts)
      try {
        await place.write('config.json', CONFIG)
        await place.write('plan.json', planOf(random, COUNT))
        const size = (5 + random.below(20)) * PAGE
        await mounts.sh(`mkdir -p ${place.dir}/runs && mount -t tmpfs -o size=${size} tmpfs ${place.dir}/runs`)
        const broken = await place.tutti(['run', 'plan.json', '--no-tui'])
        assert.notEqual(broken.code, 0, `all of it fits into ${size} bytes:\n${broken.all}`)
        assertSaid(broken, /disk is full/)
        await mounts.sh(`mount -o remount,size=64m ${place.dir}/runs`)
        if (/tutti resume/.test(broken.all)) taken++
        await goOn(place)
      } catch (error) {
        throw new Error(`round ${round}`, { cause: error })
      } finally {
        await place.end()
      }
    }
    return `${rounds} runs on disks that were too small, ${taken} taken up again`
  },
}

/** After there is room again: the run is taken up, or where it had not begun, begun. */
async function goOn(place: Place): Promise<void> {
  const before = await standing(place).catch(() => undefined)
  const isBegun = before !== undefined && before.bytes.length > 0
  await assertWhole(place, isBegun ? before : undefined, await place.tutti(isBegun ? ['resume', '--no-tui'] : ['run', 'plan.json', '--no-tui']))
}

type Target = {
  name: string
  /** Puts it on a disk of its own. `run`: the run's folder; `disk`: a tmpfs of some megabytes, whose room is taken later: what is left is the rest of a page. */
  move: (run: string, runs: string, disk: string) => string
  /** What is said of it. */
  said: RegExp
  /** Whether the run ends all the same, as nothing rests on it. */
  goesOn?: boolean
}

const TARGETS: readonly Target[] = [
  { name: 'events', move: (run, _, disk) => `cp ${run}/events.jsonl ${disk}/ && mount --bind ${disk}/events.jsonl ${run}/events.jsonl`, said: /events\.jsonl.*disk is full.*tutti resume/s },
  { name: 'outputs', move: (run, _, disk) => `cp -a ${run}/outputs/. ${disk}/ && mount --bind ${disk} ${run}/outputs`, said: /outputs\/.*disk is full.*tutti resume/s },
  { name: 'logs', move: (run, _, disk) => `cp -a ${run}/logs/. ${disk}/ && mount --bind ${disk} ${run}/logs`, said: /logs\/.*disk is full.*tutti resume/s },
  { name: 'manifest', move: withoutRoomFor(['events.jsonl', 'outputs', 'logs', 'inputs']), said: /manifest\.json.*disk is full/s, goesOn: true },
  { name: 'ledger', move: (_, runs, disk) => `cp -a ${runs}/ledger/. ${disk}/ && for month in ${disk}/*.jsonl; do yes '' | head -c $(( ${PAGE} - $(stat -c %s $month) % ${PAGE} )) >> $month; done && mount --bind ${disk} ${runs}/ledger`, said: /ledger.*disk is full/s, goesOn: true },
]

/** The run's folder itself is full, and these in it are not. */
function withoutRoomFor(others: readonly string[]): Target['move'] {
  return (run, _, disk) =>
    [
      `mkdir ${disk}.whole && mount --bind ${run} ${disk}.whole && cp -a ${run}/manifest.json ${disk}/ && cd ${disk} && mkdir outputs logs inputs && touch events.jsonl && mount --bind ${disk} ${run}`,
      ...others.map((name) => `mount --bind ${disk}.whole/${name} ${run}/${name}`),
    ].join(' && ')
}

/** One of them has no room, when a run that waited for a person is taken up. */
export const fullOf: readonly Kind[] = TARGETS.map(({ name, move, said, goesOn = false }) => ({
  name: `no room for ${name}`,
  run: async ({ random, dir, mounts }: Given) => {
    if ('skipped' in mounts) return `skipped: ${mounts.skipped}`
    const place = await openPlace(join(dir, 'workspace'), mounts)
    const disk = join(dir, 'small')
    try {
      await place.write('config.json', CONFIG)
      await place.write('plan.json', planOf(random, COUNT, { approval: true }))
      const held = await place.tutti(['run', 'plan.json', '--no-tui'])
      assert.equal(held.code, 4, held.all)
      const { id } = await place.newest()
      const runs = join(place.dir, 'runs')
      await mounts.sh(`mkdir ${disk} && mount -t tmpfs -o size=1m tmpfs ${disk} && ${move(join(runs, id), runs, disk)}`)
      await mounts.sh(`dd if=/dev/zero of=${disk}/ballast bs=${PAGE} 2>/dev/null || true`)
      const broken = await place.tutti(['resume', '--yes', '--no-tui'])
      assertSaid(broken, said)
      assert.equal(broken.code === 0, goesOn, broken.all)
      const before = await standing(place)
      if (goesOn) assert.equal(before.complete.size, COUNT, broken.all)
      await mounts.sh(`rm ${disk}/ballast`)
      if (!goesOn) return await taken(place, before)
      // Whoever conducts next writes down what is missing.
      assert.match((await place.tutti(['status'])).stdout, /succeeded/)
      await place.write('next.md', '---\nprovider: rehearsal\n---\nSay something.\n')
      assert.equal((await place.tutti(['run', 'next.md', '--no-tui'])).code, 0)
      assert.match(await readFile(place.at('runs/ledger') + `/${(await place.list('runs/ledger')).find((file) => file.endsWith('.jsonl'))}`, 'utf8'), new RegExp(`"run":"${id}","task":"t${COUNT - 1}"`))
      return 'told, and the run ended'
    } finally {
      await place.end()
    }
  },
}))

async function taken(place: Place, before: Awaited<ReturnType<typeof standing>>): Promise<string> {
  await assertWhole(place, before, await place.tutti(['resume', '--yes', '--no-tui']))
  return `told, stopped at ${before.complete.size} of ${COUNT}, taken up`
}
