// npm run gallery: draws the main screens from the recorded run of test/story to docs/screens/, as text and as pictures.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { replay } from '../../src/app/shown-runs/replayed.ts'
import type { ShownRun } from '../../src/app/screen.ts'
import { openWorkspace } from '../../src/app/workspace.ts'
import type { RunFolder } from '../../src/store/run-folder.ts'
import { keymapOf } from '../../src/tui/keymap.ts'
import { painter } from '../../src/tui/lines/paint.ts'
import { present } from '../../src/tui/present.ts'
import { createScreenStore } from '../../src/tui/screen-store.ts'
import { Presenter } from '../../src/tui/terminal/presenter.ts'
import { themeOf } from '../../src/tui/theme.ts'
import { openEmulator } from '../../test/pty/emulator.ts'
import { storyRun } from '../../test/story/story-run.ts'
import { OPENED_AT, tellStory } from '../../test/story/tell.ts'
import { writeStory } from '../../test/story/write-story.ts'
import { SCENES, type Scene } from './scenes.ts'
import { screenSvg } from './screen-svg.ts'

const TO = 'docs/screens'

/** Quiet long enough for everything to have been read and drawn. */
const QUIET_MS = 400

process.env['TZ'] = 'UTC'
// React is loaded with the first page, and measures itself otherwise.
process.env['NODE_ENV'] = 'production'
const dir = await mkdtemp(join(tmpdir(), 'tutti-gallery-'))
await mkdir(TO, { recursive: true })
await writeFile(join(dir, 'config.json'), '{}')
const workspace = await openWorkspace(dir, {}, {})
if ('problems' in workspace) throw new Error(JSON.stringify(workspace.problems))

const wanted = process.argv.slice(2)
for (const scene of SCENES) if (wanted.length === 0 || wanted.includes(scene.name)) await draw(scene)
await rm(dir, { recursive: true, force: true })
process.exit(0)

/** The story as it is played, at a moment that does not pass. @param at seconds since it began */
function played(folder: RunFolder, at: number): ShownRun {
  const run = replay(folder, tellStory().events, 10, { now: () => 0, at: () => () => {} })
  run.player.to(OPENED_AT + at * 1000)
  run.player.toggle()
  return run
}

async function draw({ name, label, columns, rows, at, is = 'live', asks, keys, theme = 'default', unicode = true, colors = true }: Scene): Promise<void> {
  if ('problems' in workspace) return
  await rm(workspace.runs, { recursive: true, force: true })
  const folder = await writeStory(workspace.runs, is === 'live' ? at : undefined)
  const emulator = openEmulator(columns, rows)
  const presenter = new Presenter({ take: (bytes) => (emulator.write(bytes), bytes.length), size: () => ({ columns, rows }), onGone: () => {} })
  const store = createScreenStore({ workspace: { ...workspace, project: 'notes-api' }, keymap: keymapOf(), size: { width: columns, height: rows }, waiting: 'drop a task file into tasks/', perform: () => {} })
  const page = present(store, presenter, painter(themeOf(theme, colors), unicode))
  const run = storyRun({ ...(at === undefined ? {} : { at }), is, runs: workspace.runs })
  if (asks !== undefined) run.ask(asks.task, asks.question)
  store.show(is === 'replayed' ? played(folder, at ?? 0) : run)
  await page.ready
  for (const key of keys) store.press({ name: key })
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
  await emulator.settled()
  const cells = Array.from({ length: rows }, (_, y) => Array.from({ length: columns }, (_, x) => emulator.cell(x, y)))
  await writeFile(join(TO, `${name}.txt`), `${emulator.screen().join('\n')}\n`)
  await writeFile(join(TO, `${name}.svg`), screenSvg(cells, label))
  page.close()
  store.close()
  emulator.dispose()
}
