// npm run chaos: what can go wrong is made to go wrong, and what must hold is held against what is left.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { seededRandom } from '../random.ts'
import type { Fault, Seen } from './fault.ts'
import { FAULTS } from './faults.ts'
import { sideBySide } from './side-by-side.ts'

const { values } = parseArgs({
  options: { long: { type: 'boolean', default: false }, seed: { type: 'string' }, only: { type: 'string', multiple: true, default: [] }, list: { type: 'boolean', default: false }, keep: { type: 'boolean', default: false } },
})

/** Most of what they do is to wait for programs. In the long form each has the machine to itself: it looks at time and memory. */
const AT_ONCE = 3

const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
const unknown = values.only.filter((name) => !FAULTS.some((fault) => fault.name === name))
if (!Number.isSafeInteger(seed) || unknown.length > 0) {
  console.error(Number.isSafeInteger(seed) ? `There is no fault ${unknown.join(', ')}. These are: ${FAULTS.map(({ name }) => name).join(', ')}` : `--seed wants a whole number, and is ${values.seed}`)
  process.exit(2)
}

if (values.list) {
  for (const { name, about } of FAULTS) console.log(`${name.padEnd(14)} ${about}`)
} else {
  console.log(`seed ${seed}${values.long ? ', long' : ''}\n`)
  const chosen = FAULTS.filter(({ name }) => values.only.length === 0 || values.only.includes(name))
  await sideBySide(chosen, values.long ? 1 : AT_ONCE, tried)
}

/** A fault that does not hold fails the whole, and the others are tried all the same. */
async function tried(fault: Fault): Promise<void> {
  const begun = performance.now()
  const took = () => `${((performance.now() - begun) / 1000).toFixed(1)} s`.padStart(8)
  try {
    const seen = await inFolder((dir) => fault.run({ seed, random: seededRandom(seed), long: values.long, dir, say: (text) => console.error(`  ${text}`) }))
    console.log(`${'skipped' in seen ? '-' : '✓'} ${fault.name.padEnd(14)} ${took()}  ${'skipped' in seen ? `skipped: ${seen.skipped}` : seen.seen}`)
  } catch (error) {
    process.exitCode = 1
    console.log(`✗ ${fault.name.padEnd(14)} ${took()}  ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    console.log(`  again: npm run chaos -- --seed ${seed} --only ${fault.name}${values.long ? ' --long' : ''}`)
  }
}

async function inFolder(work: (dir: string) => Promise<Seen>): Promise<Seen> {
  const dir = await mkdtemp(join(tmpdir(), 'tutti-chaos-'))
  try {
    return await work(dir)
  } finally {
    if (values.keep) console.log(`  kept: ${dir}`)
    else await rm(dir, { recursive: true, force: true })
  }
}
