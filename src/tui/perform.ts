import { isAbsolute, join } from 'node:path'
import type { Leaving, ShownRun } from '../app/screen.ts'
import { errorMessage } from '../core/error.ts'
import type { Intent } from '../core/intents.ts'
import type { Effect } from './effects.ts'
import type { Notice } from './ui.ts'

/** What the world offers to what keys ask for. */
export type World = {
  /** The workspace's folder, absolute. */
  dir: string
  /** The run that is shown. */
  shown: () => ShownRun | undefined
  /** Opens an earlier run, or says why it cannot be opened. */
  openRun: (reference: string) => Promise<ShownRun | { problem: string }>
  show: (run: ShownRun) => void
  /** Shows the run that is conducted again. */
  showConducted: () => void
  tell: (notice: Notice) => void
  /** Puts a text into the person's clipboard, as far as the terminal takes it; or why it cannot be done. */
  copy: (text: string) => { hint?: string } | { problem: string }
  /** Opens a file in the person's editor until that is closed. @returns what went wrong */
  edit: (path: string) => Promise<{ problem: string } | undefined>
  suspend: () => void
  redraw: () => void
  leave: (leaving: Leaving) => void
}

/** Carries out what a key has come to. */
export function createPerform(world: World): (effect: Effect) => void {
  const note = (text: string) => world.tell({ kind: 'note', text })
  const warn = (text: string) => world.tell({ kind: 'warning', text })
  /** Whatever goes wrong beside a run is told, and changes nothing about it. */
  const meanwhile = (work: Promise<void>) => void work.catch((error: unknown) => world.tell({ kind: 'error', text: errorMessage(error) }))

  async function send(intents: readonly Intent[], done: string): Promise<void> {
    // The one that was looked at: by the next answer another one may be shown, with tasks of the same names.
    const wish = world.shown()?.send
    if (wish === undefined) return warn('this run can only be looked at')
    const problems: string[] = []
    for (const intent of intents) {
      const refusal = await wish(intent)
      if (refusal !== undefined) problems.push(refusal.problems.map(({ message }) => message).join('; '))
    }
    if (problems.length === 0) note(done)
    else warn(problems.join('; '))
  }

  async function edit(file: string): Promise<void> {
    const path = isAbsolute(file) ? file : join(world.dir, file)
    const failed = await world.edit(path)
    if (failed !== undefined) warn(failed.problem)
  }

  function copy(text: string, what: string): void {
    const copied = world.copy(text)
    if ('problem' in copied) warn(copied.problem)
    else note(`copied ${what}${copied.hint === undefined ? '' : `; ${copied.hint}`}`)
  }

  async function openRun(reference: string): Promise<void> {
    const run = await world.openRun(reference)
    if ('problem' in run) warn(run.problem)
    else world.show(run)
  }

  return (effect) => {
    switch (effect.effect) {
      case 'send':
        return meanwhile(send(effect.intents, effect.done))
      case 'copy':
        return copy(effect.text, effect.what)
      case 'edit':
        return meanwhile(edit(effect.file))
      case 'open-run':
        return meanwhile(openRun(effect.run))
      case 'close-run':
        return world.showConducted()
      case 'play':
        return world.shown()?.player?.[effect.how]()
      case 'redraw':
        return world.redraw()
      case 'suspend':
        return world.suspend()
      case 'quit':
        return world.leave({ why: 'quit', how: effect.how })
    }
  }
}
