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

/** From so many columns on, the log stands beside the others. */
const BESIDE = 100
/** From so many rows of the body on, panes stand above each other. */
const ABOVE = 15
/** A body of so few columns and rows has no room for frames. */
const FRAMED = { width: 60, height: 24 }
const LEAST_ROWS = 3

/** The places of everything on a screen of this size. */
export function layoutOf(ui: Ui, size: Size): Layout {
  const { width, height } = size
  const headerRows = height >= 16 ? 2 : 1
  const header = { x: 0, y: 0, width, height: Math.min(headerRows, height) }
  const footerRows = Math.min(1, height - header.height)
  const footer = { x: 0, y: height - footerRows, width, height: footerRows }
  const body = { x: 0, y: header.height, width, height: height - header.height - footer.height }
  return { size, header, body, footer, panes: topPage(ui) === undefined ? panesOf(ui, body) : [] }
}

function panesOf(ui: Ui, body: Rect): Layout['panes'] {
  // Panes beside each other need a line between them.
  const isBeside = body.width >= BESIDE && body.height >= ABOVE
  const border = isBeside || (body.width >= FRAMED.width && body.height >= FRAMED.height) ? 'box' : 'rule'
  const shown = PANES.filter((pane) => !ui.hidden.has(pane))
  const place = (pane: PaneName, rect: Rect) => ({ pane, rect, border }) as const
  const [only = ui.focus] = shown
  if (shown.length <= 1) return [place(only, body)]
  const focused = shown.includes(ui.focus) ? ui.focus : only
  if (ui.zoomed || body.height < ABOVE) return [place(focused, body)]
  if (body.width < BESIDE || !shown.includes('log')) return stack(shown, body, ui.split).map(({ pane, rect }) => place(pane, rect))

  const left = clamp(Math.round((body.width * ui.split) / 100), 30, body.width - 30)
  const others = shown.filter((pane) => pane !== 'log')
  const beside = { ...body, x: body.x + left, width: body.width - left }
  return [...stack(others, { ...body, width: left }, 50), { pane: 'log' as const, rect: beside }].map(({ pane, rect }) => place(pane, rect))
}

/** Panes above each other: the first gets its share, the others the rest, in equal parts. */
function stack(panes: readonly PaneName[], area: Rect, split: number): { pane: PaneName; rect: Rect }[] {
  const [first, ...others] = panes
  if (first === undefined) return []
  if (others.length === 0) return [{ pane: first, rect: area }]
  const share = others.length === 1 ? split : Math.round((split * 2) / 3)
  const rows = clamp(Math.round((area.height * share) / 100), LEAST_ROWS, area.height - LEAST_ROWS * others.length)
  const rest = { ...area, y: area.y + rows, height: area.height - rows }
  return [{ pane: first, rect: { ...area, height: rows } }, ...stack(others, rest, 50)]
}

/** A number between two others; the lower one where they leave nothing between them. */
export function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most))
}
