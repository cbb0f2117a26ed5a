/**
 * Hands bytes to a terminal without waiting for it.
 * @returns how many it took; 0 when it takes none at the moment
 * @throws what the system says when the terminal is gone
 */
export type TakeBytes = (bytes: Uint8Array) => number

const FIRST_WAIT_MS = 4
const LONGEST_WAIT_MS = 64
const NOTHING: Uint8Array = new Uint8Array()

/** The way to a terminal that may be slow, may stand still, and may go away. */
export class Outlet {
  readonly #take: TakeBytes
  readonly #onGone: (error: unknown) => void
  #left = NOTHING
  #whenTaken = () => {}
  #timer: NodeJS.Timeout | undefined
  #waitMs = FIRST_WAIT_MS
  #isGone = false

  /** @param onGone called once, with what the system said */
  constructor(take: TakeBytes, onGone: (error: unknown) => void) {
    this.#take = take
    this.#onGone = onGone
  }

  /** Whether something is still on its way. */
  get isBusy(): boolean {
    return this.#left.length > 0
  }

  /** @param whenTaken called when the terminal has taken all of it; never when it was dropped, or the terminal is gone */
  send(bytes: Uint8Array, whenTaken: () => void): void {
    if (this.isBusy) throw new Error('bug: something else is still on its way to the terminal')
    if (this.#isGone) return
    this.#left = bytes
    this.#whenTaken = whenTaken
    this.#go()
  }

  /** Forgets what the terminal has not taken yet. An escape sequence may be cut off by it. */
  drop(): void {
    clearTimeout(this.#timer)
    this.#left = NOTHING
  }

  #go(): void {
    try {
      while (this.isBusy) {
        const taken = this.#take(this.#left)
        if (taken === 0) return this.#tryLater()
        this.#left = this.#left.subarray(taken)
        this.#waitMs = FIRST_WAIT_MS
      }
    } catch (error) {
      this.#isGone = true
      this.drop()
      return this.#onGone(error)
    }
    this.#whenTaken()
  }

  #tryLater(): void {
    this.#timer = setTimeout(() => this.#go(), this.#waitMs)
    this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS)
  }
}
