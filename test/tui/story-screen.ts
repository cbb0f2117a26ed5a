import { onTestFinished } from 'vitest'
import type { ShownRun } from '../../src/app/screen.ts'
import type { Effect } from '../../src/tui/effects.ts'
import { keymapOf } from '../../src/tui/keymap.ts'
import type { Size } from '../../src/tui/layout.ts'
import { createScreenStore, type ScreenStore } from '../../src/tui/screen-store.ts'
import { workspaceWith } from '../app/workspace.ts'
import { storyRun, type StoryRun } from '../story/story-run.ts'
import { writeStory } from '../story/write-story.ts'

/** The screen of the story's run, with hands on its keys. What it asks for is kept, and wishes are handed to the run. */
export type StoryScreen = {
  store: ScreenStore
  run: StoryRun
  effects: Effect[]
  /** Presses keys by their names: `press('down', 'a')`. */
  press: (...keys: string[]) => void
  /** Types a text, letter by letter. */
  type: (text: string) => void
  /** What the person is told, or asked, in the last line. */
  told: () => string | undefined
}

/** Seconds into the story: one task runs again after its checks failed, one waits for approval, one has failed and blocks another. */
const BUSY = 225

export async function storyScreen({ at = BUSY, is = 'live', steers = false, size = { width: 120, height: 40 } }: { at?: number; is?: ShownRun['is']; steers?: boolean; size?: Size } = {}): Promise<StoryScreen> {
  const workspace = await workspaceWith()
  await writeStory(workspace.runs)
  const run = storyRun({ at, is, steers, runs: workspace.runs })
  const effects: Effect[] = []
  const store = createScreenStore({
    workspace,
    keymap: keymapOf(),
    size,
    waiting: 'drop a task file into tasks/',
    perform: (effect) => {
      effects.push(effect)
      if (effect.effect === 'send') for (const intent of effect.intents) void run.send?.(intent)
    },
  })
  store.show(run)
  onTestFinished(() => store.close())
  const press = (...keys: string[]) => keys.forEach((name) => store.press({ name }))
  return {
    store,
    run,
    effects,
    press,
    type: (text) => press(...Array.from(text, (letter) => (letter === ' ' ? 'space' : letter))),
    told: () => {
      const { prompt, notice } = store.glance().ui
      return prompt?.ask === 'choose' ? prompt.question : notice?.text
    },
  }
}
