import type { ShownRun } from '../app/screen.ts'
import type { Workspace } from '../app/workspace.ts'
import { hasEnded } from '../core/task-state.ts'
import type { Action } from './commands.ts'
import type { Effect } from './effects.ts'
import { createFrames, type Frames } from './frames.ts'
import type { Glance } from './glance.ts'
import type { Keymap } from './keymap.ts'
import { layoutOf, type Size } from './layout.ts'
import { modelsOf } from './models/models.ts'
import { createAttention } from './attention.ts'
import { placesOf } from './places.ts'
import type { Key } from './terminal/keys.ts'
import { FIRST_UI, type Notice, type Ui } from './ui.ts'
import { whyOver } from './update/gates.ts'
import { answerPrompt } from './update/prompt.ts'
import type { Step } from './update/step.ts'
import { subjectsOf } from './update/subjects.ts'
import { update } from './update/update.ts'
import { heldOf, isTaskCommand } from './wishes.ts'

/** The one place where what is looked at changes: keys and events come in, and whoever draws is told. */
export type ScreenStore = {
  glance: () => Glance
  frames: Pick<Frames, 'subscribe' | 'number'>
  press: (key: Key) => void
  act: (action: Action) => void
  resize: (size: Size) => void
  /** Shows the run that is conducted, or played, from now on. */
  show: (run: ShownRun) => void
  /** Shows an earlier run instead, to be looked at. */
  showAside: (run: ShownRun) => void
  /** Shows the run that is conducted again. */
  showConducted: () => void
  tell: (notice: Notice | undefined) => void
  /** A second has passed. */
  tick: () => void
  close: () => void
}

/** What a task asks for at this moment, by its name. */
function gateOf({ run }: Glance, task: string): string {
  const held = heldOf(run?.state.tasks.get(task))
  return held === undefined || held.gate === 'paused' ? '' : held.id
}

/** Seconds that something stays said. */
const NOTICE_S = 8

export type StoreParts = {
  workspace: Workspace
  keymap: Keymap
  size: Size
  waiting: string
  perform: (effect: Effect) => void
}

export function createScreenStore({ workspace, keymap, size: first, waiting, perform }: StoreParts): ScreenStore {
  const frames = createFrames()
  let conducted: ShownRun | undefined
  let run: ShownRun | undefined
  let size = first
  let ui = FIRST_UI
  /** Selected as long as nobody has chosen. */
  let lead: string | undefined
  let noticeLeft_s = 0
  const soon = () => frames.due('soon')
  let models = modelsOf(workspace, run, soon)
  let unsubscribe = () => {}
  const attention = createAttention()
  /** What a key would be about now: the tasks, and what they ask. */
  const subject = (seen: Glance) => subjectsOf(seen).map((task) => `${task} ${gateOf(seen, task)}`).join(' ')
  frames.subscribe(() => attention.drawn(subject(glance())))

  function glance(): Glance {
    models.queue.arrange(ui.queue)
    const selected = ui.selected ?? leadOf()
    const shown = selected === ui.selected ? ui : { ...ui, selected }
    return { ui: shown, layout: layoutOf(shown, size, models.graph.rows()), project: workspace.project, run, isAside: run !== conducted, models, keymap, now: run?.now() ?? Date.now(), waiting }
  }

  /** Something is always selected where anything is shown: the keys have to mean a task. It stays until that task has ended. */
  function leadOf(): string | undefined {
    const task = lead === undefined ? undefined : run?.state.tasks.get(lead)
    if (lead === undefined || task === undefined || hasEnded(task.state.status) || !models.queue.shows(lead)) lead = models.queue.slice(0, 1)[0]
    return lead
  }

  function turnTo(next: ShownRun | undefined): void {
    unsubscribe()
    models.close()
    // A run that is opened again is the one that is being looked at.
    const isSame = next !== undefined && next.folder.id === run?.folder.id
    run = next
    models = modelsOf(workspace, run, soon)
    const unsubscribes = [run?.subscribe(takeIn), run?.player?.onJump(beginAnew)]
    unsubscribe = () => unsubscribes.forEach((call) => call?.())
    if (isSame) return frames.due('now')
    lead = undefined
    const { queue, graph, log, hidden, zoomed, split, focus, notice } = ui
    // Who is typing goes on, or the rest of the word would be keys; a question was about the tasks of the run before.
    const prompt = ui.prompt !== undefined && 'before' in ui.prompt ? ui.prompt : undefined
    setUi({ ...FIRST_UI, queue, hidden, zoomed, split, focus, prompt, notice, graph: { ...graph, at: 'follow' }, log: { ...log, at: 'end', attempt: undefined, pinned: [] } })
  }

  /** Something has happened: a line that asks for what somebody else has said is closed, and says who. */
  function takeIn(): void {
    const over = run === undefined || ui.prompt === undefined ? undefined : whyOver(run.state, ui.prompt)
    if (over === undefined) return soon()
    setUi({ ...ui, prompt: undefined, notice: { kind: 'warning', text: over } })
  }

  function setUi(next: Ui): void {
    if (next.notice !== ui.notice) noticeLeft_s = NOTICE_S
    ui = next
    frames.due('now')
  }

  /** A replay has gone to another moment: what was kept in step with the run is made anew. */
  function beginAnew(): void {
    models.close()
    models = modelsOf(workspace, run, soon)
    soon()
  }

  /** What a filter hides is not acted on: the first task that it shows is selected then. */
  function selectShown(next: Ui): Ui {
    if (next.queue.filter === ui.queue.filter) return next
    models.queue.arrange(next.queue)
    const isShown = next.selected !== undefined && models.queue.shows(next.selected)
    return isShown ? next : { ...next, selected: models.queue.slice(0, 1)[0] }
  }

  /** Marks are for one time: tasks that were dealt with long ago must not be dealt with again. */
  function withoutUsedMarks(next: Ui, effects: readonly Effect[]): Ui {
    const wishes = effects.flatMap((effect) => (effect.effect === 'send' ? effect.intents : []))
    const isUsed = wishes.some((wish) => 'task' in wish && wish.task !== undefined && next.marks.has(wish.task))
    return isUsed ? { ...next, marks: new Set() } : next
  }

  /** A key that is not about the selection leaves it to follow what goes on, as long as nobody has chosen. */
  function stillUnchosen(next: Ui): Ui {
    return ui.selected === undefined && next.selected === lead ? { ...next, selected: undefined } : next
  }

  function take({ ui: next, effects }: Step): void {
    setUi(withoutUsedMarks(stillUnchosen(selectShown(next)), effects))
    for (const effect of effects) perform(effect)
    // What an effect has changed by now, such as a replay, is drawn with it.
    if (effects.length > 0) frames.due('now')
    attention.moved(subject(glance()))
  }

  return {
    glance,
    frames,
    press: (key) => {
      const seen = glance()
      if (seen.ui.prompt !== undefined) return take(answerPrompt(seen, seen.ui.prompt, key))
      const command = 'name' in key ? keymap.commandFor(key.name, placesOf(seen)) : undefined
      if (command === undefined) return
      if (isTaskCommand(command) && !attention.isOn(subject(seen))) return setUi({ ...ui, notice: { kind: 'warning', text: 'what stands here has just changed: look, and press again' } })
      take(update(seen, { do: command }))
    },
    act: (action) => take(update(glance(), action)),
    resize: (next) => {
      size = next
      frames.due('now')
    },
    show: (next) => {
      const isAside = run !== conducted
      conducted = next
      if (!isAside) turnTo(next)
    },
    // The run that is conducted is shown as it is: what its log tells of it would stand still.
    showAside: (next) => turnTo(next.folder.id === conducted?.folder.id ? conducted : next),
    showConducted: () => turnTo(conducted),
    tell: (notice) => setUi({ ...ui, notice }),
    tick: () => {
      if (ui.notice !== undefined && --noticeLeft_s <= 0) ui = { ...ui, notice: undefined }
      soon()
    },
    close: () => {
      unsubscribe()
      models.close()
      frames.close()
    },
  }
}
