/** A notification on its way, as text. */
export type Message = {
  /** Number of the event in the run's log that it tells of. */
  seq: number
  id: string
  event: string
  /** JSON. */
  body: string
}

/** What became of one try to hand a message over. */
export type Reception =
  | { is: 'taken' }
  /** It may be taken another time. `wait_ms`: how long the receiver asks to be left alone. */
  | { is: 'not-now'; why: string; wait_ms?: number | undefined }
  /** It will not be taken, however often it is sent. */
  | { is: 'refused'; why: string }
