import type { Line } from '../../core/views/line.ts'
import type { Glance } from '../glance.ts'
import type { Size } from '../layout.ts'

/** What a pane shows in the room inside its frame. */
export type PaneView = {
  title: Line
  /** At the right of the title. */
  note?: Line
  /** At most as many as there are rows; what is longer than the room is cut. */
  lines: readonly Line[]
}

/** One of the three panes of the main page. It costs what is visible, never what there is. */
export type Pane = (glance: Glance, room: Size) => PaneView
