import { onTestFinished } from 'vitest'
import { painter, type Paint } from '../../src/tui/lines/paint.ts'
import { present, type Presented } from '../../src/tui/present.ts'
import type { ScreenStore } from '../../src/tui/screen-store.ts'
import { Presenter } from '../../src/tui/terminal/presenter.ts'
import { themeOf } from '../../src/tui/theme.ts'
import { openEmulator, type Emulator } from '../pty/emulator.ts'

const COLORED: Paint = painter(themeOf('default', true), true)

/** A screen on a terminal of its own. */
export type OnEmulator = Pick<Presented, 'ready' | 'press' | 'broken'> & {
  emulator: Emulator
  presenter: Presenter
  /** When all that was written stands on the screen. */
  settled: () => Promise<void>
  resize: (width: number, height: number) => void
  close: () => void
}

/** Shows a store's screen on an emulated terminal, the way it is shown on a real one. */
export function onEmulator(store: ScreenStore, paint = COLORED): OnEmulator {
  let { width, height } = store.glance().layout.size
  const emulator = openEmulator(width, height)
  const presenter = new Presenter({
    take: (bytes) => {
      emulator.write(bytes)
      return bytes.length
    },
    size: () => ({ columns: width, rows: height }),
    onGone: () => {},
  })
  const page = present(store, presenter, paint)
  onTestFinished(close)
  let isClosed = false
  function close(): void {
    if (isClosed) return
    isClosed = true
    page.close()
    presenter.pause()
    emulator.dispose()
  }
  return {
    emulator,
    presenter,
    ready: page.ready,
    press: page.press,
    broken: page.broken,
    settled: emulator.settled,
    close,
    resize: (columns, rows) => {
      ;[width, height] = [columns, rows]
      emulator.resize(columns, rows)
      store.resize({ width: columns, height: rows })
      presenter.resized()
    },
  }
}
