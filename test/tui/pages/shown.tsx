import { Box } from 'ink'
import { render } from 'ink-testing-library'
import { onTestFinished } from 'vitest'
import type { ShownRun } from '../../../src/app/screen.ts'
import { openWorkspace, type Workspace } from '../../../src/app/workspace.ts'
import { emptyState, type RunState } from '../../../src/core/state.ts'
import { runFolder } from '../../../src/store/run-folder.ts'
import type { Action } from '../../../src/tui/commands.ts'
import { Blocks } from '../../../src/tui/components/blocks.tsx'
import { PaintContext } from '../../../src/tui/components/canvas.tsx'
import type { Effect } from '../../../src/tui/effects.ts'
import type { Glance } from '../../../src/tui/glance.ts'
import { keymapOf, type Keymap } from '../../../src/tui/keymap.ts'
import { layoutOf, type Size } from '../../../src/tui/layout.ts'
import { painter } from '../../../src/tui/lines/paint.ts'
import { modelsOf } from '../../../src/tui/models/models.ts'
import { openPageOf } from '../../../src/tui/pages/pages.ts'
import { FIRST_UI, topPage, type Page } from '../../../src/tui/ui.ts'
import { update } from '../../../src/tui/update/update.ts'
import { themeOf, type Theme } from '../../../src/tui/theme.ts'
import { tempDir } from '../../temp-dir.ts'

const DEFAULT = themeOf('default', false)
const NARROW: Size = { width: 80, height: 24 }
export const SIZES = [NARROW, { width: 120, height: 40 }, { width: 200, height: 60 }] as const
/** Paints nothing: a sequence on the page would be one that a text brought. */
const PLAIN: Theme = { ...DEFAULT, selected: '', colors: false, styles: Object.fromEntries(Object.keys(DEFAULT.styles).map((style) => [style, ''])) as Theme['styles'] }

type Given = { page: Page; size?: Size; keymap?: Keymap; state?: RunState; is?: ShownRun['is']; dir?: string; now?: string; unicode?: boolean; run?: string }

/** A page on a screen of this size, and a person before it: they press keys and read. */
export async function shown({ page, size = NARROW, keymap = keymapOf(), state = emptyState(), is = 'live', dir, now = '2026-11-20T12:05:00.000Z', unicode = true, run = 'r' }: Given) {
  const path = dir ?? (await tempDir())
  const workspace = await openWorkspace(path, {}, {}, 'read')
  if ('problems' in workspace) throw new Error(JSON.stringify(workspace.problems))
  const shownRun = runOf(workspace, state, is, now, run)
  const models = modelsOf(workspace, shownRun, () => {})
  onTestFinished(() => models.close())
  const effects: Effect[] = []
  let ui = { ...FIRST_UI, pages: [page] }
  const paint = painter(PLAIN, unicode)
  const glance = (): Glance => ({ ui, layout: layoutOf(ui, size), project: 'p', run: shownRun, models, isAside: is === 'recorded', keymap, now: Date.parse(now), waiting: '' })
  const open = () => {
    const top = topPage(ui)
    return top === undefined ? undefined : openPageOf(glance(), top)
  }
  return {
    effects,
    ui: () => ui,
    title: () => open()?.title() ?? '',
    task: () => open()?.task(),
    copied: () => open()?.copy()?.text,
    give: (...commands: Action['do'][]) => {
      for (const command of commands) {
        const step = update(glance(), { do: command })
        ui = step.ui as typeof ui
        effects.push(...step.effects)
      }
    },
    /** What a person reads, row by row, without what is at the ends of rows. */
    lines: (): string[] => {
      const { body } = glance().layout
      const { lastFrame, unmount } = render(
        <PaintContext value={paint}>
          <Box flexDirection="column" width={body.width} height={body.height - 1} overflow="hidden">
            <Blocks blocks={open()?.blocks() ?? []} width={body.width} />
          </Box>
        </PaintContext>,
      )
      const frame = lastFrame() ?? ''
      unmount()
      return frame.split('\n').map((line) => line.trimEnd())
    },
  }
}

function runOf({ runs }: Workspace, state: RunState, is: ShownRun['is'], now: string, id: string): ShownRun {
  const folder = runFolder(runs, id)
  return { folder, path: `runs/${id}`, is, state, subscribe: () => () => {}, now: () => Date.parse(now), ...(is === 'live' ? { send: async () => undefined } : {}) }
}
