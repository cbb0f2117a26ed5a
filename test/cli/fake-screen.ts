import { onTestFinished, vi } from 'vitest'
import type { Leaving, OpenScreen, ShownRun } from '../../src/app/screen.ts'

/** A screen that shows nothing and writes down what it was asked for, beside what reached the terminal meanwhile. */
export type FakeScreen = {
  open: OpenScreen
  /** `show 2f1a`, `tell warning: …`, `close`, `out …`, `err …`, in their order. */
  journal: string[]
  /** What the terminal got, line by line. */
  printed: (stream: 'out' | 'err') => string
  run: () => ShownRun
  /** A person presses a key. */
  attend: () => void
  leave: (leaving: Leaving) => void
}

export function fakeScreen(): FakeScreen {
  const journal: string[] = []
  let shown: ShownRun | undefined
  let isAttended = false
  let leave: (leaving: Leaving) => void = () => {}
  const left = new Promise<Leaving>((resolve) => (leave = resolve))
  for (const stream of ['stdout', 'stderr'] as const) {
    const spy = vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      journal.push(...String(text).trimEnd().split('\n').map((line) => `${stream.slice(3)} ${line}`))
      return true
    })
    onTestFinished(() => spy.mockRestore())
  }
  return {
    journal,
    open: () =>
      Promise.resolve({
        show: (run) => {
          shown = run
          journal.push(`show ${run.is}`)
        },
        tell: (text, kind) => void journal.push(`tell ${kind}: ${text}`),
        get isAttended() {
          return isAttended
        },
        left,
        close: () => void journal.push('close'),
      }),
    printed: (stream) =>
      journal
        .filter((line) => line.startsWith(`${stream} `))
        .map((line) => line.slice(4))
        .join('\n'),
    run: () => {
      if (shown === undefined) throw new Error('no run is shown yet')
      return shown
    },
    attend: () => (isAttended = true),
    leave,
  }
}
