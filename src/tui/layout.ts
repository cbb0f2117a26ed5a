import { PANES, topPage, type PaneName, type Ui } from './ui.ts'

/** A rectangle of the screen, in columns and rows; the top left corner is 0, 0. */
export type Rect = { x: number; y: number; width: number; height: number }
export type Size = { width: number; height: number }

/** Where everything stands. */
export type Layout = {
  size: Size
  /** The line of the run, and the one of the budget where there is room for it. */
  header: Rect
  body: Rect
  /** Panes that are shown, in their order, with their places. */
  panes: readonly { pane: PaneName; rect: Rect; border: 'box' | 'rule' }[]
  /** The last line: keys, or a question. */
  footer: Rect
}

/** From so many columns on, the log stands beside the queue. */
const BESIDE = 100
/** From so many rows of the body on, panes stand above each other. */
const ABOVE = 15
/** A body of so few columns and rows has no room for frames. */
const FRAMED = { width: 60, height: 24 }
const LEAST_ROWS = 3
/** Percent of the rows that the graph gets at most above a queue and a log that stand beside each other. */
const GRAPH = 40

/**
 * The places of everything on a screen of this size.
 * @param graph rows that the graph needs: those that it does not are the others'; none while there are no tasks
 */
export function layoutOf(ui: Ui, size: Size, graph = Infinity): Layout {
  const { width, height } = size
  const headerRows = height >= 16 ? 2 : 1
  const header = { x: 0, y: 0, width, height: Math.min(headerRows, height) }
  const footerRows = Math.min(1, height - header.height)
  const footer = { x: 0, y: height - footerRows, width, height: footerRows }
  const body = { x: 0, y: header.height, width, height: height - header.height - footer.height }
  return { size, header, body, footer, panes: topPage(ui) === undefined ? panesOf(ui, body, graph) : [] }
}

function panesOf(ui: Ui, body: Rect, graph: number): Layout['panes'] {
  // Panes beside each other need a line between them.
  const isBeside = body.width >= BESIDE && body.height >= ABOVE
  const border = isBeside || (body.width >= FRAMED.width && body.height >= FRAMED.height) ? 'box' : 'rule'
  // Where there is nothing yet, one message says so.
  const shown: readonly PaneName[] = graph === 0 ? ['queue'] : PANES.filter((pane) => !ui.hidden.has(pane))
  const place = (pane: PaneName, rect: Rect) => ({ pane, rect, border }) as const
  const [only = ui.focus] = shown
  if (shown.length <= 1) return [place(only, body)]
  const focused = shown.includes(ui.focus) ? ui.focus : only
  if (ui.zoomed || body.height < ABOVE) return [place(focused, body)]
  // Lanes need a row or two for each task.
  const wanted = ui.graph.shape === 'lanes' || body.width < FRAMED.width ? Infinity : graph + (border === 'box' ? 2 : 1)
  const hasGraph = shown.includes('graph')
  if (!isBeside || !shown.includes('log') || !shown.includes('queue')) {
    return stack(shown, body, shown.length === 2 ? ui.split : ui.split / 2, hasGraph ? wanted : Infinity).map(({ pane, rect }) => place(pane, rect))
  }
  // A graph is wide: it takes all columns, and as few rows as it can.
  const top = hasGraph ? clamp(wanted, LEAST_ROWS, Math.round((body.height * GRAPH) / 100)) : 0
  const below = { ...body, y: body.y + top, height: body.height - top }
  const left = clamp(Math.round((body.width * ui.split) / 100), 30, body.width - 30)
  return [...(hasGraph ? [place('graph', { ...body, height: top })] : []), place('queue', { ...below, width: left }), place('log', { ...below, x: body.x + left, width: body.width - left })]
}

/** Panes above each other: the first gets its share of the rows or what it needs, the others the rest, in equal parts. */
function stack(panes: readonly PaneName[], area: Rect, share: number, most = Infinity): { pane: PaneName; rect: Rect }[] {
  const [first, ...others] = panes
  if (first === undefined) return []
  if (others.length === 0) return [{ pane: first, rect: area }]
  const rows = clamp(Math.min(most, Math.round((area.height * share) / 100)), LEAST_ROWS, area.height - LEAST_ROWS * others.length)
  const rest = { ...area, y: area.y + rows, height: area.height - rows }
  return [{ pane: first, rect: { ...area, height: rows } }, ...stack(others, rest, 50)]
}

/** A number between two others; the lower one where they leave nothing between them. */
export function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most))
}
