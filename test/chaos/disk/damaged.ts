import assert from 'node:assert/strict'
import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Random } from '../../random.ts'
import { heldRun, linesIn, withoutOthers, type Held } from './held.ts'
import type { Kind } from './kind.ts'
import { assertSaid, assertWhole, standing } from './work.ts'

type Damage = { name: string; to: (lines: readonly string[], at: number) => string[]; said: RegExp }

const before = (lines: readonly string[], at: number) => lines.slice(0, at)
const line = (lines: readonly string[], at: number) => lines[at] ?? ''

/** What may become of a line in the middle, and what is said of it. */
const DAMAGES: readonly Damage[] = [
  { name: 'zeros', to: (lines, at) => [...before(lines, at), `${'\0'.repeat(line(lines, at).length - 1)}\n`, ...lines.slice(at + 1)], said: /is not JSON/ },
  { name: 'a hole', to: (lines, at) => [...before(lines, at), line(lines, at).replace(/"seq"/, '\0\0\0\0\0'), ...lines.slice(at + 1)], said: /is not JSON/ },
  { name: 'a half', to: (lines, at) => [...before(lines, at), line(lines, at).slice(0, 20), ...lines.slice(at + 1)], said: /is not JSON/ },
  { name: 'gone', to: (lines, at) => [...before(lines, at), ...lines.slice(at + 1)], said: /a line is missing/ },
  { name: 'twice', to: (lines, at) => [...before(lines, at + 1), ...lines.slice(at)], said: /has the number \d+ where \d+ is expected/ },
  { name: 'another', to: (lines, at) => [...before(lines, at), '{"hello":"world"}\n', ...lines.slice(at + 1)], said: /is no event this version knows/ },
]

const NEWER: readonly Damage[] = [
  { name: 'v 2', to: (lines, at) => [...before(lines, at), line(lines, at).replace('"v":1', '"v":2'), ...lines.slice(at + 1)], said: /newer Tutti.*upgrade/s },
  { name: 'v 2 at the end', to: (lines) => [...lines, `{"v":2,"seq":${lines.length + 1},"at":"2026-11-29T12:00:00.000Z","type":"task.dreamt","task":"t0"}\n`], said: /newer Tutti.*upgrade/s },
  { name: 'a type of its own', to: (lines) => [...lines, `{"v":1,"seq":${lines.length + 1},"at":"2026-11-29T12:00:00.000Z","type":"task.dreamt","task":"t0"}\n`], said: /task\.dreamt.*newer Tutti.*upgrade/s },
]

const READERS = [['status'], ['show', 'last'], ['events', 'last'], ['cost'], ['inbox'], ['graph', 'last']] as const

export const damaged: Kind = { name: 'damaged log', run: async ({ dir, random, long }) => refused(await heldRun(dir, random), random, some(DAMAGES, random, long ? 60 : 2)) }

export const newer: Kind = { name: 'newer log', run: async ({ dir, random, long }) => refused(await heldRun(dir, random), random, some(NEWER, random, long ? 15 : 1)) }

/** Some of them, all before one comes again. */
function some(damages: readonly Damage[], random: Random, count: number): Damage[] {
  const first = random.below(damages.length)
  return Array.from({ length: count }, (_, at) => damages[(first + at) % damages.length]).filter((damage) => damage !== undefined)
}

/** Whoever is asked for the run says which line is wrong, and nobody touches it; as soon as it is mended it is taken up. */
async function refused(held: Held, random: Random, damages: readonly Damage[]): Promise<string> {
  const { place, events, bytes, id } = held
  try {
    const whole = await standing(place)
    for (const [round, { name, to, said }] of damages.entries()) {
      const lines = linesIn(bytes)
      const at = 1 + random.below(lines.length - 3)
      const text = Buffer.from(to(lines, at).join(''))
      await writeFile(events, text)
      const resumed = await place.tutti(['resume', ...random.of([[], [id]]), '--yes', '--no-tui'])
      assert.notEqual(resumed.code, 0, `${name} in line ${at + 1} was taken up:\n${resumed.all}`)
      assertSaid(resumed, /events\.jsonl:\d+ /, said)
      const [reader = 'status', ...args] = random.of(READERS)
      const read = await place.tutti([reader, ...args])
      assertSaid(read)
      assert.ok(read.code !== undefined && read.code <= 2, `${name}: ${reader} ended with ${read.code}`)
      if (round % 4 === 0) await anotherRun(held, name)
      assert.ok((await readFile(events)).equals(text), `${name}: the damaged log was written to`)
    }
    await held.restore()
    await assertWhole(place, whole, await place.tutti(['resume', id, '--yes', '--no-tui']))
    return `${damages.length} ways refused, its bytes kept, taken up once mended`
  } finally {
    await place.end()
  }
}

/** A run that cannot be read keeps no other from its work. */
async function anotherRun(held: Held, name: string): Promise<void> {
  const { place } = held
  await place.write('other.md', '---\nprovider: rehearsal\n---\nSay something.\n')
  const other = await place.tutti(['run', 'other.md', '--no-tui'])
  assert.equal(other.code, 0, `another run is kept from its work by ${name}:\n${other.all}`)
  assertSaid(other)
  await withoutOthers(held)
}

export const torn: Kind = {
  name: 'torn log',
  run: async ({ dir, random, long }) => {
    const rounds = long ? 40 : 1
    const held = await heldRun(dir, random)
    const { place, events, bytes } = held
    const [runs, kept] = [place.at('runs'), join(dir, 'kept')]
    const done = await place.read('../done')
    await cp(runs, kept, { recursive: true })
    try {
      for (let round = 0; round < rounds; round++) {
        // All of it: the ledger too knows of attempts that will not have been.
        await rm(runs, { recursive: true })
        await cp(kept, runs, { recursive: true })
        await place.write('../done', done)
        const cut = random.below(600)
        await truncate(events, bytes.length - cut)
        const tail = random.of(['', '', '\0\0\0\0', '{"v":1,"seq":', '\u00ff\u00fe'])
        await writeFile(events, tail, { flag: 'a' })
        const before = await standing(place)
        const resumed = await place.tutti(['resume', '--yes', '--no-tui'])
        await assertWhole(place, before, resumed)
        const isTorn = bytes.length - cut + Buffer.byteLength(tail) > before.bytes.length
        assert.equal(/the last step was cut off by a crash \(\d+ bytes\); it did not happen/.test(resumed.stderr), isTorn, resumed.all)
      }
      return `${rounds} cut off at a byte left to chance, taken up from the last whole step`
    } finally {
      await place.end()
    }
  },
}

export const emptyManifest: Kind = {
  name: 'empty manifest',
  run: async ({ dir, random, long }) => {
    const held = await heldRun(dir, random)
    const { place, id } = held
    try {
      const path = place.at(`runs/${id}/manifest.json`)
      const before = await standing(place)
      for (const content of long ? ['', '{', '\0'.repeat(100)] : ['']) {
        await writeFile(path, content)
        const { code, stdout } = await place.tutti(['status', '--json'])
        assert.equal(code, 0)
        assert.equal((JSON.parse(stdout) as { run: { job_id: string } }).run.job_id, id)
      }
      await assertWhole(place, before, await place.tutti(['resume', '--yes', '--no-tui']))
      assert.equal((JSON.parse(await readFile(path, 'utf8')) as { status: string }).status, 'succeeded')
      return 'told from the events, written anew'
    } finally {
      await place.end()
    }
  },
}
