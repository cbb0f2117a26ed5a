import type { Surface } from './components/canvas.tsx'
import type { Paint } from './lines/paint.ts'
import type { Presenter } from './terminal/presenter.ts'

/** Draws what stands on the canvases, straight to the presenter. */
export function createSurface(presenter: Pick<Presenter, 'paint' | 'erase'>, paint: Paint): Surface & { drawAll: () => void } {
  const canvases = new Map<string, () => void>()
  return {
    put: (id, rect, draw) => {
      const drawn = () => presenter.paint(id, { ...rect, lines: draw().map(paint) })
      canvases.set(id, drawn)
      drawn()
    },
    take: (id) => {
      canvases.delete(id)
      presenter.erase(id)
    },
    drawAll: () => {
      for (const draw of canvases.values()) draw()
    },
  }
}
