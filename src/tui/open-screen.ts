import { pickRun } from '../app/runs.ts'
import type { Leaving, OpenScreen } from '../app/screen.ts'
import { runToLookAt } from '../app/shown-runs/run-to-look-at.ts'
import { errorMessage } from '../core/error.ts'
import { chosenKeys } from './chosen-keys.ts'
import { createGateBell } from './gate-bell.ts'
import { keymapOf } from './keymap.ts'
import { painter } from './lines/paint.ts'
import { createPerform } from './perform.ts'
import { present } from './present.ts'
import { createScreenStore } from './screen-store.ts'
import { alertSequence } from './terminal/alert.ts'
import { capabilitiesOf } from './terminal/capabilities.ts'
import { copying } from './terminal/clipboard.ts'
import { edit } from './terminal/editor.ts'
import { openTerminal } from './terminal/open-terminal.ts'
import { themeOf } from './theme.ts'

const CLOCK_MS = 1000

/**
 * Opens the full-screen page on the terminal of this process.
 *
 *   keys ──▶ store ──effects──▶ perform ──intents──▶ the run
 *              ▲                                        │
 *              └───────────────events───────────────────┘
 */
export const openScreen: OpenScreen = async ({ workspace, waiting }) => {
  const capabilities = capabilitiesOf(process.env)
  const { theme, bell: isRung } = workspace.config.screen
  const { keys, warnings } = chosenKeys(workspace.config.screen.keys)
  let isAttended = false
  let leave: (leaving: Leaving) => void = () => {}
  const asked = new Promise<Leaving>((resolve) => (leave = resolve))
  const terminal = openTerminal({
    onKey: (key) => {
      isAttended = true
      page.press(key)
    },
  })
  const { presenter } = terminal
  const size = () => ({ width: presenter.columns, height: presenter.rows })

  const store = createScreenStore({
    workspace,
    keymap: keymapOf(keys),
    size: size(),
    waiting,
    perform: createPerform({
      dir: workspace.dir,
      shown: () => store.glance().run,
      openRun: async (reference) => {
        const folder = await pickRun(workspace.runs, reference)
        if ('problem' in folder) return folder
        return runToLookAt(workspace, folder, (text) => store.tell({ kind: 'warning', text })).catch((error: unknown) => ({ problem: errorMessage(error) }))
      },
      show: (run) => store.showAside(run),
      showConducted: () => store.showConducted(),
      tell: (notice) => store.tell(notice),
      copy: (text) => {
        const copied = copying(text, capabilities.clipboard)
        if ('sequence' in copied) presenter.send(copied.sequence)
        return copied
      },
      edit: (path) => terminal.lend(() => edit(path)),
      suspend: terminal.suspend,
      redraw: () => presenter.redraw(),
      leave,
    }),
  })
  presenter.on('resize', () => store.resize(size()))
  for (const text of warnings) store.tell({ kind: 'warning', text })
  const bell = createGateBell({ ring: (text) => presenter.send(alertSequence(text, capabilities)), isAway: () => presenter.isPaused })
  const clock = setInterval(() => store.tick(), CLOCK_MS)
  const page = present(store, presenter, painter(themeOf(theme, capabilities.colors), capabilities.unicode))

  let isClosed = false
  function close(): void {
    if (isClosed) return
    isClosed = true
    clearInterval(clock)
    bell.close()
    page.close()
    store.close()
    terminal.close()
  }
  async function crash(): Promise<Leaving> {
    const error = await page.broken
    close()
    return { why: 'broken', error }
  }

  return {
    show: (run) => {
      store.show(run)
      if (isRung) bell.watch(run)
    },
    tell: (text, kind) => store.tell({ text, kind }),
    get isAttended() {
      return isAttended
    },
    left: Promise.race([asked, terminal.left, crash()]),
    close,
  }
}
