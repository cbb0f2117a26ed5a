import type { Line } from '../core/views/line.ts'
import type { Layout, Rect } from './layout.ts'
import { fit } from './lines/fit.ts'
import { frame, insideOf } from './lines/frame.ts'
import { footerLines } from './panes/footer.ts'
import { graphPane } from './panes/graph.ts'
import { headerLines } from './panes/header.ts'
import { logPane } from './panes/log.ts'
import type { Pane } from './panes/pane.ts'
import { queuePane } from './panes/queue.ts'
import type { ScreenStore } from './screen-store.ts'
import { topPage, type PaneName } from './ui.ts'

/** A place on the screen that is drawn as ready-made lines, each as wide as it is. */
export type CanvasPlace = { id: string; rect: Rect; draw: () => readonly Line[] }

const PANES: Record<PaneName, Pane> = { graph: graphPane, queue: queuePane, log: logPane }

/** The header, the panes and the footer at their places. */
export function canvasesOf(store: Pick<ScreenStore, 'glance'>, { header, panes, footer }: Layout): CanvasPlace[] {
  return [
    { id: 'header', rect: header, draw: () => fitAll(headerLines(store.glance(), header), header) },
    ...panes.map(({ pane, rect, border }): CanvasPlace => ({ id: pane, rect, draw: () => framed(store, pane, rect, border) })),
    { id: 'footer', rect: footer, draw: () => fitAll(footerLines(store.glance(), footer), footer) },
  ]
}

function framed(store: Pick<ScreenStore, 'glance'>, pane: PaneName, rect: Rect, border: 'box' | 'rule'): Line[] {
  const glance = store.glance()
  const options = { ...rect, border, focused: glance.ui.focus === pane && topPage(glance.ui) === undefined }
  const { title, note = [], lines } = PANES[pane](glance, insideOf(options))
  return frame(title, lines, { ...options, note })
}

const fitAll = (lines: readonly Line[], { width, height }: Rect) => Array.from({ length: height }, (_, index) => fit(lines[index] ?? [], width))
