import { canvasesOf } from './canvases.ts'
import type { Paint } from './lines/paint.ts'
import type { ScreenStore } from './screen-store.ts'
import { createSurface } from './surface.ts'
import type { Key } from './terminal/keys.ts'
import type { Presenter } from './terminal/presenter.ts'

/** The page while it is being shown. */
export type Presented = {
  /** Resolves when pages can be opened. */
  ready: Promise<void>
  press: (key: Key) => void
  /** Resolves with what was thrown when a key, a component, a pane or Ink has a bug. */
  broken: Promise<unknown>
  close: () => void
}

/**
 * Shows the page on a presenter.
 *
 *   store ──frames──▶ surface ───lines──▶ presenter ──changed cells──▶ terminal
 *              └────▶ Ink ────── frame ──────▶┘
 *
 * Panes are drawn without Ink, which lays out the pages over them. It is loaded when the first frame is there: that
 * takes as long as all the rest.
 */
export function present(store: ScreenStore, presenter: Presenter, paint: Paint): Presented {
  const surface = createSurface(presenter, paint)
  let fail: (error: unknown) => void = () => {}
  const broken = new Promise<unknown>((resolve) => (fail = resolve))
  const closers = [
    store.frames.subscribe((when) => {
      try {
        surface.drawAll()
      } catch (error) {
        fail(error)
      }
      if (when === 'now') presenter.flushSoon()
    }),
  ]
  for (const { id, rect, draw } of canvasesOf(store, store.glance().layout)) surface.put(id, rect, draw)
  presenter.flushSoon()

  let isClosed = false
  async function mount(): Promise<void> {
    const { mountInk } = await import('./mount-ink.tsx')
    if (!isClosed) closers.push(mountInk(store, presenter, surface, paint, fail))
  }

  return {
    ready: mount().catch(fail),
    press: (key) => {
      try {
        store.press(key)
      } catch (error) {
        fail(error)
      }
    },
    broken,
    close: () => {
      isClosed = true
      for (const close of closers) close()
    },
  }
}
