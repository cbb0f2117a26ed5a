import { join } from 'node:path'
import { errorMessage } from '../core/error.ts'
import type { Event } from '../core/events.ts'
import type { Problem } from '../core/problem.ts'
import { reduce } from '../core/reduce.ts'
import { emptyState, type RunState } from '../core/state.ts'
import { plural } from '../core/units.ts'
import { notificationOf } from '../core/views/notification.ts'
import { cursorKey, openCursors, readCursors } from '../notify/cursors.ts'
import { createOutbox, type Outbox } from '../notify/outbox.ts'
import { PACE, type Pace } from '../notify/pace.ts'
import { post } from '../notify/post.ts'
import { openUndelivered } from '../notify/undelivered.ts'
import type { Listener } from '../runtime/loop.ts'
import { readEvents } from '../store/read-events.ts'
import type { RunFolder } from '../store/run-folder.ts'
import type { Receiver } from './receivers.ts'
import type { Workspace } from './workspace.ts'

/** Tells receivers what happens in a run, while the run is under way. */
export type Notifier = {
  listener: Listener
  /** Delivers what waits, for some seconds; the rest is written down. */
  end: () => Promise<void>
}

export type NotifierParts = {
  /** What the log says so far: nothing of a new run. It is read here, before the loop has it. */
  state: RunState
  /** Resolves when the events so far are on disk. */
  durable: () => Promise<void>
  /** Is told of what goes wrong; nothing of it is the run's. */
  warn: (problem: Problem) => void
  pace?: Pace
}

/** A receiver, and what waits for it. */
type Told = { receiver: Receiver; key: string; outbox: Outbox }

/** Begins to tell the workspace's receivers of a run. Where the run is taken up, they get what they were not told before. */
export async function openNotifier({ runs, receivers, redactor }: Workspace, folder: RunFolder, { state, durable, warn, pace = PACE }: NotifierParts): Promise<Notifier> {
  const path = join(folder.path, 'notified.json')
  const cursors = state.seq === 0 ? {} : await readCursors(path)
  const from = state.seq
  const undelivered = openUndelivered(join(runs, 'undelivered.jsonl'))
  let lost = 0
  let isDiskTold = false
  const say = (name: string, text: string) => warn({ file: 'config.json', message: redactor.text(`${name}: ${text}`) })

  const told = receivers.map((receiver): Told => {
    const { name, to } = receiver
    const key = cursorKey(name, to.is === 'there' ? to.url : undefined)
    const outbox = createOutbox({
      post: to.is === 'there' ? (message, signal) => post(to, message, signal) : async () => ({ is: 'refused', why: to.why }),
      pace,
      // A run that nobody has told of is told of from now on.
      from: Math.min(cursors[key] ?? from, from),
      safe: from,
      durable,
      giveUp: ({ body }, why, tries) => {
        lost += 1
        undelivered.add({ at: new Date().toISOString(), receiver: name, why: redactor.text(why), tries, body })
      },
      warn: (why) => say(name, why === undefined ? 'it works again' : `what happens does not arrive there: ${why}`),
      moved: () => file.touch(),
    })
    return { receiver, key, outbox }
  })

  const file = openCursors(
    path,
    () => Object.fromEntries(told.map(({ key, outbox }) => [key, outbox.settled])),
    undelivered.written,
    (error) => {
      if (!isDiskTold) warn({ file: 'runs', message: `who was told of what could not be written down: ${errorMessage(error)}; it is sent again when the run is taken up` })
      isDiskTold = true
    },
  )

  function tell(event: Event, now: RunState, isWanted: (each: Told) => boolean = () => true): void {
    const notification = notificationOf(event, now)
    if (notification === undefined) return
    const wanting = told.filter((each) => each.receiver.events.includes(notification.event) && isWanted(each))
    if (wanting.length === 0) return
    const body = JSON.stringify(notification, (_, value: unknown) => (typeof value === 'string' ? redactor.text(value) : value))
    const { seq, id, event: what } = notification
    for (const { outbox } of wanting) outbox.push({ seq, id, event: what, body })
  }

  // Each event is told as it was then: the state is folded anew beside the run's own.
  if (told.some(({ outbox }) => outbox.settled < from)) {
    const then = emptyState()
    await readEvents(folder.events, (event) => tell(event, reduce(then, event), ({ outbox: { settled } }) => event.seq > settled))
  }
  // What a crash finds here is where the next conductor goes on.
  await file.flush()

  return {
    listener: (event, now) => tell(event, now),
    end: async () => {
      await Promise.all(told.map(({ outbox }) => outbox.close()))
      await file.flush()
      if (lost > 0) warn({ file: 'runs/undelivered.jsonl', message: `${plural(lost, 'notification')} could not be delivered, and ${lost === 1 ? 'is' : 'are'} kept here` })
    },
  }
}
