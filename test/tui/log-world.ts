import { appendFile } from 'node:fs/promises'
import { onTestFinished } from 'vitest'
import type { ShownRun } from '../../src/app/screen.ts'
import type { Settings } from '../../src/core/settings.ts'
import type { TaskSpec } from '../../src/core/task.ts'
import type { Listener } from '../../src/runtime/loop.ts'
import { attemptLogPath, openAttemptLog } from '../../src/store/attempt-log.ts'
import { createRunFolder } from '../../src/store/run-folder.ts'
import type { CommandName } from '../../src/tui/commands.ts'
import { keymapOf } from '../../src/tui/keymap.ts'
import { insideOf } from '../../src/tui/lines/frame.ts'
import { textOf } from '../../src/tui/lines/fit.ts'
import { logPane } from '../../src/tui/panes/log.ts'
import { createScreenStore } from '../../src/tui/screen-store.ts'
import { conductor, failure } from '../core/conductor.ts'
import { plan } from '../core/specs.ts'
import { workspaceWith } from '../app/workspace.ts'

type World = { is?: ShownRun['is']; settings?: Partial<Settings>; size?: { width: number; height: number } }

/** A run whose tasks say what a test wants, and the log pane of a screen that shows it. */
export async function logWorld(tasks: TaskSpec[], { is = 'live', settings = {}, size = { width: 120, height: 40 } }: World = {}) {
  const workspace = await workspaceWith()
  const folder = await createRunFolder(workspace.runs, '20261120-120000-0000')
  const core = conductor({ max_concurrent: 8, retries: 3, ...settings })
  const listeners = new Set<Listener>()
  let told = core.log.length
  let now = Date.parse(core.now())
  const tell = () => {
    for (const event of core.log.slice(told)) for (const listener of listeners) listener(event, core.state)
    told = core.log.length
  }
  const run: ShownRun = {
    folder,
    path: 'runs/last',
    is,
    get state() {
      return core.state
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    now: () => now,
  }
  const store = createScreenStore({ workspace, keymap: keymapOf(), size, waiting: '', perform: () => {} })
  store.show(run)
  store.act({ do: 'toggle-graph' })
  store.act({ do: 'next-pane' })
  onTestFinished(() => store.close())
  core.add(plan(...tasks))
  core.starts()
  tell()

  const view = () => {
    const glance = store.glance()
    const place = glance.layout.panes.find(({ pane }) => pane === 'log')
    if (place === undefined) throw new Error('the log is not shown')
    const room = insideOf({ ...place.rect, border: place.border })
    return { ...logPane(glance, room), room }
  }
  return {
    store,
    folder,
    view,
    /** The rows that are shown, without what is empty at their ends. */
    rows: () => view().lines.map((line) => textOf(line).trimEnd()),
    title: () => textOf(view().title),
    note: () => textOf(view().note ?? []),
    /** Rows in which something is marked as found, with what is. */
    found: () => view().lines.flatMap((line) => line.filter(({ style }) => style === 'found').map(({ text }) => text)),
    notice: () => store.glance().ui.notice?.text,
    act: (...commands: CommandName[]) => commands.forEach((command) => store.act({ do: command })),
    select: (task: string) => store.act({ do: 'go', arg: task }),
    search: (words: string) => store.act({ do: 'search', arg: words }),
    /** A task says something, in its attempt. */
    says: (task: string, text: string | Buffer, attempt = 1) => appendFile(attemptLogPath(folder, task, attempt), text),
    /** A task says things at times, in ms after the run began. */
    saysAt: async (task: string, ...pieces: [at: number, text: string][]) => {
      let at = 0
      const log = openAttemptLog(folder, task, 1, 1_000_000, () => Date.parse('2026-11-20T12:00:00.000Z') + at)
      for (const [then, text] of pieces) {
        at = then
        log.write(text)
      }
      await log.close()
    },
    /** The moment of the run that is played, in ms after it began. */
    playTo: (ms: number) => {
      now = Date.parse('2026-11-20T12:00:00.000Z') + ms
    },
    /** The attempt under way fails, and the next one starts. */
    failAndTryAgain: (task: string) => {
      core.end(task, failure('provider_down'))
      core.next()
      core.pass(3_600_000)
      core.starts()
      tell()
    },
    end: (task: string) => {
      core.end(task)
      core.starts()
      tell()
    },
  }
}

/** `line 1` to `line <count>`, each with its line end. */
export function lines(count: number, from = 1): string {
  return Array.from({ length: count }, (_, index) => `line ${from + index}\n`).join('')
}
