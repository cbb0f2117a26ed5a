import { EventEmitter } from 'node:events'
import { stripVTControlCharacters } from 'node:util'
import { render } from 'ink'
import { onTestFinished } from 'vitest'
import { Screen } from '../../src/tui/screen.tsx'
import type { ScreenStore } from '../../src/tui/screen-store.ts'
import { shapeOf } from '../../src/tui/shape.ts'

/** The screen of a store as Ink alone lays it out, line by line, without its colours and the blanks at the ends. */
export function inInk(store: ScreenStore): { lines: () => string[]; resized: () => void } {
  let frame = ''
  const stdout = Object.assign(new EventEmitter(), {
    get columns() {
      return store.glance().layout.size.width
    },
    write: (text: string) => {
      frame = text
      return true
    },
  })
  const shape = shapeOf(store)
  // Another element each time: Ink draws the same one only once.
  const screen = () => <Screen store={store} shape={shape} />
  const { rerender, unmount } = render(screen(), { stdout: stdout as unknown as NodeJS.WriteStream, debug: true, exitOnCtrlC: false, patchConsole: false })
  onTestFinished(() => unmount())
  return {
    lines: () => {
      rerender(screen())
      return stripVTControlCharacters(frame).split('\n').map((line) => line.trimEnd())
    },
    resized: () => void stdout.emit('resize'),
  }
}
