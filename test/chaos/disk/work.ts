import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { RunState } from '../../../src/core/state.ts'
import type { Random } from '../../random.ts'
import type { Ended, Place } from '../place.ts'

/** Where commands note what they have done: beside the workspace, where nothing goes wrong. */
export const DONE = '"$TUTTI_RUN_DIR"/../../../done'

/**
 * A plan of commands that note their names, of sizes left to chance, each behind up to two before it; every fourth is a
 * prompt that costs a little.
 * @param approval the task in the middle waits for a person, and all that comes later waits for it
 * @param until a file for which the commands of the second half wait, so that what goes wrong goes wrong before the end; absolute, as they see it
 */
export function planOf(random: Random, count: number, { approval = false, until }: { approval?: boolean; until?: string } = {}): string {
  const middle = count >> 1
  const tasks = Array.from({ length: count }, (_, at) => {
    const before = [random.below(Math.max(1, at)), random.below(Math.max(1, at)), ...(approval && at > middle ? [middle] : [])].filter((each) => each < at)
    const work =
      at % 4 === 3
        ? { prompt: `Say something of ${at}.`, provider: 'rehearsal' }
        : { command: `echo t${at} >> ${DONE}; ${until === undefined || at < middle ? '' : `until test -e '${until}'; do sleep 0.02; done; `}printf '%${1 + random.below(12_000)}s' x` }
    return { id: `t${at}`, ...work, retries: 0, depends_on: [...new Set(before)].map((each) => `t${each}`), ...(approval && at === middle ? { requires_approval: true } : {}) }
  })
  return JSON.stringify({ tasks }, null, 1)
}

/** A configuration whose prompts cost a little and take no time. */
export const CONFIG = JSON.stringify({
  providers: { rehearsal: { type: 'rehearsal', latency_ms: 1, price_usd: 0.01 } },
  execution: { max_concurrent: 4, stop_grace_s: 1 },
})

/** What a run had come to before somebody took it up again. */
export type Before = { bytes: Buffer; complete: ReadonlySet<string>; attempts: ReadonlyMap<string, number> }

/** What is on disk of the newest run: its log as far as it is whole, and what is complete by it. */
export async function standing(place: Place): Promise<Before> {
  const { events } = await place.newest()
  const { state, torn } = await place.record()
  const bytes = await readFile(events)
  return { bytes: bytes.subarray(0, bytes.length - torn), complete: completeIn(state), attempts: attemptsIn(state) }
}

const completeIn = ({ tasks }: RunState) => new Set([...tasks.values()].filter(({ state: now }) => now.status === 'complete').map(({ spec }) => spec.id))
const attemptsIn = ({ tasks }: RunState) => new Map([...tasks.values()].map(({ spec, attempts }) => [spec.id, attempts.length]))

/** All of it is complete: nothing that was recorded is gone, and nothing that was complete has been done again. */
export async function assertWhole(place: Place, before: Before | undefined, ended: Ended): Promise<void> {
  assert.equal(ended.code, 0, `it did not end well (exit code ${ended.code}):\n${ended.all}`)
  const { state, torn } = await place.record()
  assert.equal(torn, 0)
  assert.deepEqual([...state.tasks.values()].flatMap(({ spec, state: now }) => (now.status === 'complete' ? [] : [`${spec.id} is ${now.status}`])), [])
  const notes = (await readFile(place.at('../done'), 'utf8')).split('\n').filter((line) => line !== '')
  for (const { spec } of state.tasks.values()) if (spec.work.kind === 'command') assert.ok(notes.includes(spec.id), `${spec.id} was never done`)
  await assertSettled(place, state)
  if (before === undefined) return
  const bytes = await readFile((await place.newest()).events)
  assert.ok(bytes.subarray(0, before.bytes.length).equals(before.bytes), 'what was recorded before is no longer there as it was')
  for (const task of before.complete) {
    assert.equal(attemptsIn(state).get(task), before.attempts.get(task), `${task} was complete and was tried again`)
    if (state.tasks.get(task)?.spec.work.kind === 'command') assert.equal(notes.filter((note) => note === task).length, 1, `${task} was complete and was done again`)
  }
}

/** Every attempt that had money set aside stands in the ledger, once. */
async function assertSettled(place: Place, state: RunState): Promise<void> {
  const files = (await place.list('runs/ledger')).filter((name) => name.endsWith('.jsonl'))
  const texts = await Promise.all(files.map((name) => place.read(`runs/ledger/${name}`)))
  const lines = texts.flatMap((text) => text.split('\n').filter((line) => line !== '')).map((line) => JSON.parse(line) as { run: string; task: string; attempt: number })
  const told = lines.filter(({ run }) => run === state.run).map(({ task, attempt }) => `${task}/${attempt}`)
  const due = [...state.tasks.values()].flatMap(({ spec, attempts }) => attempts.flatMap(({ attempt, settled }) => (settled === undefined ? [] : [`${spec.id}/${attempt}`])))
  assert.deepEqual(told.toSorted(), due.toSorted(), 'the ledger and the log differ')
}

/** The program has said what is wrong, where, and what to do next. */
export function assertSaid({ all }: Ended, ...patterns: readonly RegExp[]): void {
  for (const pattern of patterns) assert.match(all, pattern)
  assert.doesNotMatch(all, /\n\s+at .*(file|node):/, `a stack is no message:\n${all}`)
}
