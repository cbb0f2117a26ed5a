import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Done } from '../../control/protocol.ts'
import type { Event } from '../../core/events.ts'
import { oneLine } from '../../core/sanitize.ts'
import type { RunState } from '../../core/state.ts'
import { whyNot } from '../../core/steering.ts'
import { Wish } from '../../core/wish.ts'
import { deleteWish, recordWish, type RecordedWish } from '../../store/recorded-wishes.ts'
import { runFolder, type RunFolder } from '../../store/run-folder.ts'
import { conductorOf } from '../lock.ts'
import { conductedRun, reachConductor, type Asking, type ControlClient } from './reach-conductor.ts'
import { foresee, intentOf, recordedFor } from './recorded-wishes.ts'
import { eventsOfRun, newestUnfinished, pickRun, replayRun } from '../runs.ts'
import type { Workspace } from '../workspace.ts'

/** What became of what somebody wanted. `recorded`: nobody conducts the run now; it is done when the run is taken up. */
export type HandedIn = { came: 'done'; events: readonly Event[] } | { came: 'recorded' } | { came: 'refused'; message: string }

/** A run as people see it who stand beside its conductor, if it has one, and what they can do about it. */
export type RunBeside = {
  folder: RunFolder
  /** As its log tells it, with what is recorded for it. It is nobody else's. */
  state: RunState
  /** Whether somebody conducts it now, or somebody works in this workspace on other things, or nobody. */
  conductor: 'there' | 'elsewhere' | 'none'
  /** What is wanted of it once it is taken up. */
  recorded: readonly RecordedWish[]
  /** Hands something in: to whoever conducts it, or for whoever will. */
  handIn: (wish: Wish) => Promise<HandedIn>
}

/** Why there is none to speak of; `code` is for programs. */
export type NoRun = { problem: string; code: 'no_run' | 'no_answer' }

/** Characters of a name, as the control server cuts it: keys hold it. */
const LONGEST_NAME = 60
/** A conductor that has broken off in the middle of an answer has so long to be gone. */
const PATIENCE_MS = 5_000

/**
 * The run that somebody means: the one they name; else the one that is conducted; else the newest that is not over, or
 * the newest.
 */
export async function runBeside(workspace: Workspace, asking: Asking, reference?: string): Promise<RunBeside | NoRun> {
  const author: Asking = { by: oneLine(asking.by, LONGEST_NAME), door: asking.door }
  const reached = await reachConductor(workspace, author)
  if (reached !== undefined && 'problem' in reached) return { ...reached, code: 'no_answer' }
  const conducted = reached === undefined ? undefined : await conductedRun(reached)
  if (conducted !== undefined && 'problem' in conducted) return { ...conducted, code: 'no_answer' }
  const folder = await meantRun(workspace, conducted?.run, reference)
  if ('problem' in folder) return { ...folder, code: 'no_run' }
  const conductor = conducted === undefined ? 'none' : conducted.run === folder.id ? 'there' : 'elsewhere'
  const recorded = await recordedFor(workspace, folder)
  const { state } = await replayRun(folder)
  foresee(state, recorded)
  const record = (wish: Wish, key: string) => recordFor(workspace, folder, state, author, wish, key)
  return {
    folder,
    state,
    conductor,
    recorded,
    handIn: async (wanted) => {
      const { data: wish, error } = Wish.safeParse(wanted)
      if (wish === undefined) return { came: 'refused', message: error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') }
      const key = randomUUID()
      if (reached === undefined || conductor !== 'there') return record(wish, key)
      const handedIn = await ask(reached, wish, key)
      return handedIn.came === 'silence' ? afterSilence(workspace, folder, state, author, wish, key, handedIn.problem) : handedIn
    },
  }
}

async function meantRun({ runs }: Workspace, conducted: string | undefined, reference: string | undefined): Promise<RunFolder | { problem: string }> {
  if (reference !== undefined) return pickRun(runs, reference)
  if (conducted !== undefined) return runFolder(runs, conducted)
  return (await newestUnfinished(runs)) ?? pickRun(runs, 'last')
}

async function ask(client: ControlClient, { type, ...fields }: Wish, key: string): Promise<HandedIn | { came: 'silence'; problem: string }> {
  const said = await client.post(`/v1/wishes/${type}`, fields, Done, key)
  switch (said.said) {
    case 'yes':
      return { came: 'done', events: said.value.events }
    case 'no':
      return { came: 'refused', message: said.error.message }
    case 'nothing':
      return { came: 'silence', problem: said.problem }
  }
}

/** The conductor was asked, and gave no answer. Where it is gone its log tells whether it had done it; else it is still to be done. */
async function afterSilence(workspace: Workspace, folder: RunFolder, state: RunState, author: Asking, wish: Wish, key: string, problem: string): Promise<HandedIn> {
  const until = performance.now() + PATIENCE_MS
  while ((await conductorOf(workspace)) !== undefined) {
    if (performance.now() > until) return { came: 'refused', message: `${problem}; whether it has been done is told by: tutti events` }
    await sleep(50)
  }
  const events = (await eventsOfRun(folder)).filter((event) => event.key === fullKey(author, key))
  return events.length > 0 ? { came: 'done', events } : recordFor(workspace, folder, state, author, wish, key)
}

/** The control server puts the caller's name before a key: nobody uses up the keys of others. */
function fullKey({ by }: Asking, key: string): string {
  return `${by}/${key}`
}

/** @param state is taken along: what is recorded next is held against it */
async function recordFor(workspace: Workspace, folder: RunFolder, state: RunState, author: Asking, wish: Wish, key: string): Promise<HandedIn> {
  const message = whyNot(state, intentOf(wish, author))
  if (message !== undefined) return { came: 'refused', message }
  const recorded: RecordedWish = { v: 1, key: fullKey(author, key), at: new Date().toISOString(), run: folder.id, wish, by: author.by, door: author.door }
  const path = await recordWish(workspace.runs, recorded)
  foresee(state, [recorded])
  // Whoever has taken the run up in this moment may have looked too early.
  const reached = await reachConductor(workspace, author)
  if (reached === undefined || 'problem' in reached) return { came: 'recorded' }
  const conducted = await conductedRun(reached)
  if ('problem' in conducted || conducted.run !== folder.id) return { came: 'recorded' }
  const handedIn = await ask(reached, wish, key)
  if (handedIn.came === 'silence') return { came: 'recorded' }
  await deleteWish(path)
  return handedIn
}
