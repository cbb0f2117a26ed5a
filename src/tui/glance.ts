import type { ShownRun } from '../app/screen.ts'
import type { Keymap } from './keymap.ts'
import type { Layout } from './layout.ts'
import type { Models } from './models/models.ts'
import type { Ui } from './ui.ts'

/** All that a pane or a page draws from, at one moment. */
export type Glance = {
  ui: Ui
  layout: Layout
  /** As the configuration names it. */
  project: string
  /** Absent while there is none. */
  run: ShownRun | undefined
  /** Whether it is an earlier run, over the one that is conducted. */
  isAside: boolean
  /** What is kept in step with the run, so that a frame costs only what it shows. */
  models: Models
  keymap: Keymap
  /** Ms since 1970, in the time of the run that is shown. */
  now: number
  /** Said while there is no run: what is waited for, and in the lines below what to do. */
  waiting: string
}
