import { PassThrough } from 'node:stream'
import { render } from 'ink'
import { PaintContext, SurfaceContext, type Surface } from './components/canvas.tsx'
import type { Paint } from './lines/paint.ts'
import type { ScreenStore } from './screen-store.ts'
import { Screen } from './screen.tsx'
import { shapeOf } from './shape.ts'
import type { Presenter } from './terminal/presenter.ts'

/**
 * Lets Ink lay out the page on a presenter.
 * @param failed is told what a component or Ink has thrown
 * @returns ends that
 */
export function mountInk(store: ScreenStore, presenter: Presenter, surface: Surface, paint: Paint, failed: (error: unknown) => void): () => void {
  const { waitUntilExit, unmount } = render(
    <SurfaceContext value={surface}>
      <PaintContext value={paint}>
        <Screen store={store} shape={shapeOf(store)} />
      </PaintContext>
    </SurfaceContext>,
    {
      stdout: asStdout(presenter),
      stdin: noKeys(),
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
    },
  )
  waitUntilExit().catch(failed)
  return unmount
}

/** A presenter is as much of a stream as Ink needs: in debug mode it hands over one whole frame at a time. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type asks for all that a terminal's stream can do
const asStdout = (presenter: Presenter) => presenter as unknown as NodeJS.WriteStream

/** Keys come from elsewhere: Ink would take several that come together for one. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
const noKeys = () => Object.assign(new PassThrough(), { isTTY: false }) as unknown as NodeJS.ReadStream
