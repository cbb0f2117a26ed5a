import type { Event } from '../../core/events.ts'
import { reduce } from '../../core/reduce.ts'
import type { Playback } from '../../core/views/scrubber.ts'
import { systemClock, type Clock } from '../../runtime/clock.ts'
import type { Listener } from '../../runtime/loop.ts'
import { DamagedLog, readEvents } from '../../store/read-events.ts'
import type { RunFolder } from '../../store/run-folder.ts'
import type { Player, ShownRun } from '../screen.ts'
import { momentsOf } from './moments.ts'
import { placeOf } from './place.ts'
import { stepsUntil, timelineOf } from './timeline.ts'

/** How many seconds of the run one second shows. */
export const SPEEDS = [1, 2, 5, 10, 20, 50, 100] as const
export type Speed = (typeof SPEEDS)[number]
export const USUAL_SPEED: Speed = 10

/** What comes sooner than the next frame is shown with it. */
const FRAME_MS = 40

/** A run that is played from its log. */
export type ReplayedRun = ShownRun & { player: Player }

/**
 * Reads a run, to be played from its beginning. It stands at its first step, and plays only as long as someone listens.
 * Throws `DamagedLog` when the log cannot be understood, or holds no whole step.
 */
export async function replayedRun(folder: RunFolder, speed: Speed = USUAL_SPEED): Promise<ReplayedRun> {
  const events: Event[] = []
  await readEvents(folder.events, (event) => events.push(event))
  if (events.length === 0) throw new DamagedLog(`${folder.events} holds nothing that happened`)
  return replay(folder, events, speed, systemClock)
}

/** Plays a run from its events: at least one whole step. */
export function replay(folder: RunFolder, recorded: readonly Event[], firstSpeed: Speed, clock: Clock): ReplayedRun {
  const { events, ends, at, played, marks } = timelineOf(recorded)
  const steps = ends.length
  const stateAfter = momentsOf(events)
  const listeners = new Set<Listener>()
  const jumps = new Set<() => void>()
  const first = at[0] ?? 0
  const last = at.at(-1) ?? first
  const length = played.at(-1) ?? 0
  const hasWaits = length < last - first

  let step = 1
  let state = stateAfter(ends[0] ?? 0)
  let speed: Speed = firstSpeed
  /** How far it has been played; while it plays, at `since`. In ms, as in `played`. */
  let place = 0
  let since: number | undefined
  let cancel = () => {}

  /** It never runs ahead of the next step, which the state does not show yet. */
  function placeNow(): number {
    return since === undefined ? place : Math.min(place + (clock.now() - since) * speed, played[step] ?? length)
  }

  /** The run's own time. In a shortened wait it passes faster. */
  function now(): number {
    const [from = 0, to = from] = played.slice(step - 1, step + 1)
    const [began = first, ended = began] = at.slice(step - 1, step + 1)
    return from === to ? began : began + ((placeNow() - from) / (to - from)) * (ended - began)
  }

  function takeStep(): void {
    for (const event of events.slice(ends[step - 1], ends[step])) {
      reduce(state, event)
      for (const listener of listeners) listener(event, state)
    }
    step++
  }

  /** Goes on from another place, or at another speed. */
  function standAt(next: number, plays = since !== undefined): void {
    cancel()
    place = next
    since = plays && step < steps ? clock.now() : undefined
    if (since !== undefined) cancel = clock.at(since + Math.max(FRAME_MS, ((played[step] ?? length) - place) / speed), tick)
  }

  function tick(): void {
    const reached = since === undefined ? place : place + (clock.now() - since) * speed
    while (step < steps && (played[step] ?? length) <= reached) takeStep()
    standAt(Math.min(reached, played[step] ?? length))
  }

  function jump(to: number, plays?: boolean): void {
    const next = Math.max(1, Math.min(steps, to))
    if (next === step + 1) takeStep()
    else {
      step = next
      state = stateAfter(ends[step - 1] ?? 0)
      for (const call of jumps) call()
    }
    standAt(played[step - 1] ?? 0, plays)
  }

  function change(by: 1 | -1): void {
    const place = placeNow()
    speed = SPEEDS[SPEEDS.indexOf(speed) + by] ?? speed
    standAt(place)
  }

  function playback(): Playback {
    const reached = placeNow()
    const wait = (at[step] ?? 0) - (at[step - 1] ?? 0)
    const isShortened = step < steps && wait > (played[step] ?? 0) - (played[step - 1] ?? 0)
    return {
      isPlaying: since !== undefined,
      speed,
      elapsed_ms: now() - first,
      total_ms: last - first,
      done: length === 0 ? step / steps : reached / length,
      step,
      steps,
      waits: !hasWaits ? 'none' : isShortened ? 'shortened now' : 'shortened',
      marks,
    }
  }

  const player: Player = {
    get playback() {
      return playback()
    },
    toggle: () => {
      if (since !== undefined) return standAt(placeNow(), false)
      if (step === steps) jump(1)
      standAt(place, true)
    },
    faster: () => change(1),
    slower: () => change(-1),
    back: () => jump(step - 1, false),
    forth: () => jump(step + 1, false),
    start: () => jump(1),
    end: () => jump(steps),
    to: (moment) => jump(stepsUntil(at, moment)),
    onJump: (call) => {
      jumps.add(call)
      return () => void jumps.delete(call)
    },
  }

  return {
    ...placeOf(folder),
    is: 'replayed',
    get state() {
      return state
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) standAt(placeNow(), false)
      }
    },
    now,
    player,
  }
}
