import { EventEmitter } from 'node:events'
import { Canvas, type Region, type Size } from './canvas.ts'
import { Outlet, type TakeBytes } from './outlet.ts'

/** A terminal that knows of synchronized output shows all that stands between these at once; others ignore them. */
const BEGIN = '\u001b[?2026h'
const END = '\u001b[?2026l'

const DEFAULT_FPS = 10
/** Keys that repeat faster than this share a frame. */
const SOONEST_MS = 10

export type PresenterOptions = {
  take: TakeBytes
  size: () => Size
  /** Frames in a second, at most; what is asked for `flushSoon` does not wait for its turn. */
  fps?: number
  /** Called once when the terminal is no longer there. */
  onGone: (error: unknown) => void
}

/** What was done so far, for a benchmark. `late`: frames that had to wait because the one before was still on its way. */
export type Counters = { frames: number; bytes: number; late: number }

/**
 * Brings frames to a terminal: Ink writes its own to it as to a stdout, panes paint theirs into regions above that.
 * It writes only what has changed, as often as the terminal can take it; frames that come in between replace each other.
 */
export class Presenter extends EventEmitter {
  readonly isTTY = true
  readonly counters: Counters = { frames: 0, bytes: 0, late: 0 }
  readonly #options: PresenterOptions
  readonly #outlet: Outlet
  readonly #canvas = new Canvas()
  readonly #intervalMs: number
  /** What goes to the terminal beside the frames, in front of the next. */
  #aside = ''
  #isPaused = false
  #timer: { at: number; handle: NodeJS.Timeout } | undefined
  #startedAt = -Infinity
  #dueAt = -Infinity
  /** A change that came while a frame was on its way, and whether somebody waits for it. */
  #waiting: 'no' | 'for-its-turn' | 'urgently' = 'no'

  constructor(options: PresenterOptions) {
    super()
    this.#options = options
    this.#intervalMs = 1000 / (options.fps ?? DEFAULT_FPS)
    this.#outlet = new Outlet(options.take, (error) => {
      this.pause()
      options.onGone(error)
    })
    // Any number of panes may want to know of a new size.
    this.setMaxListeners(0)
  }

  /** Whether another has the terminal. */
  get isPaused(): boolean {
    return this.#isPaused
  }

  get columns(): number {
    return this.#options.size().columns
  }

  get rows(): number {
    return this.#options.size().rows
  }

  /** Takes a whole frame from Ink, which is told to write nothing else (`debug: true`) but hides and shows the cursor. */
  write(frame: string, ...rest: readonly unknown[]): boolean {
    if (!frame.startsWith('\u001b[?')) {
      this.#canvas.setFrame(frame)
      this.#want()
    }
    const whenWritten = rest.at(-1)
    if (typeof whenWritten === 'function') queueMicrotask(() => void whenWritten())
    return true
  }

  /** Shows ready-made lines above the frame. */
  paint(id: string, region: Region): void {
    this.#canvas.setRegion(id, region)
    this.#want()
  }

  erase(id: string): void {
    this.#canvas.removeRegion(id)
    this.#want()
  }

  /** Writes what has changed at the end of this tick: somebody has pressed a key and looks. */
  flushSoon(): void {
    this.#want('urgently')
  }

  /** Writes the whole screen again. */
  redraw(): void {
    this.#canvas.forget()
    this.#want('urgently')
  }

  /** Lets Ink and the panes lay themselves out anew. */
  resized(): void {
    this.emit('resize')
    this.#want('urgently')
  }

  /** Sends a sequence that draws nothing, such as one for the clipboard. */
  send(sequence: string): void {
    this.#aside += sequence
    this.#want('urgently')
  }

  /** Writes nothing more until `resume`; the rest of what is on its way is dropped. */
  pause(): void {
    this.#isPaused = true
    clearTimeout(this.#timer?.handle)
    this.#timer = undefined
    this.#waiting = 'no'
    this.#aside = ''
    this.#outlet.drop()
    this.#canvas.forget()
  }

  resume(): void {
    this.#isPaused = false
    this.#want('urgently')
  }

  #want(how: 'for-its-turn' | 'urgently' = 'for-its-turn'): void {
    if (this.#isPaused) return
    if (this.#outlet.isBusy) {
      if (this.#waiting === 'no') this.counters.late += 1
      if (this.#waiting !== 'urgently') this.#waiting = how
      return
    }
    const at = how === 'urgently' ? Math.min(this.#dueAt, this.#startedAt + SOONEST_MS) : this.#dueAt
    if (this.#timer !== undefined && this.#timer.at <= at) return
    clearTimeout(this.#timer?.handle)
    this.#timer = { at, handle: setTimeout(() => this.#flush(), Math.max(0, at - performance.now())) }
  }

  #flush(): void {
    this.#timer = undefined
    this.#startedAt = performance.now()
    this.#dueAt = this.#startedAt + this.#intervalMs
    const update = this.#canvas.update(this.#options.size())
    if (update === '' && this.#aside === '') return
    const bytes = Buffer.from(this.#aside + (update === '' ? '' : BEGIN + update + END))
    this.#aside = ''
    this.counters.frames += 1
    this.counters.bytes += bytes.length
    this.#outlet.send(bytes, () => this.#taken())
  }

  #taken(): void {
    const now = performance.now()
    // A slow line is left free for as long as it was busy, so that an urgent frame need not queue.
    this.#dueAt = Math.max(this.#dueAt, now + (now - this.#startedAt))
    const waiting = this.#waiting
    this.#waiting = 'no'
    if (waiting !== 'no') this.#want(waiting)
  }
}
