import { resolve } from 'node:path'
import type { Command } from '../core/commands.ts'
import type { Report } from '../core/intents.ts'
import { declaredFiles } from '../core/declared-files.ts'
import { errorMessage } from '../core/error.ts'
import type { CheckRow } from '../core/outcome.ts'
import { oneLine } from '../core/sanitize.ts'
import { environmentOf, INTERRUPTED, performAttempt, type StartAttempt } from './attempt.ts'
import type { Adapters } from './adapters.ts'

/** Carries out commands: the one place where a decision of the core becomes an effect. */
export type Performer = {
  /** Resolves with what it came to. It never rejects for what a provider or a task can cause. */
  perform: (command: Command) => Promise<Report | undefined>
  /** Interrupts all that is under way and waits until it is gone. */
  abandon: () => Promise<void>
}

type CheckCommand = Extract<Command, { type: 'check' }>
type UnderWay = { controller: AbortController; over: Promise<unknown> }

export function createPerformer(adapters: Adapters): Performer {
  /** By task: it has one attempt or one round of checks at a time. */
  const underWay = new Map<string, UnderWay>()

  async function interruptible(task: string, work: (controller: AbortController) => Promise<Report>): Promise<Report> {
    const controller = new AbortController()
    const over = work(controller)
    underWay.set(task, { controller, over })
    try {
      return await over
    } finally {
      underWay.delete(task)
    }
  }

  /** What breaks in one task (a folder that it removed, a bug) ends that attempt, and no other branch. */
  async function attempt(command: StartAttempt, controller: AbortController): Promise<Report> {
    const { spec, attempt } = command
    try {
      return await performAttempt(command, adapters, controller)
    } catch (error) {
      const kind = controller.signal.reason === INTERRUPTED ? 'interrupted' : 'broken'
      const message = adapters.redactor.text(errorMessage(error))
      return { type: 'attempt-ended', task: spec.id, attempt, outcome: { result: 'failed', kind, message, duration_ms: 0 } }
    }
  }

  async function check(command: CheckCommand, { signal }: AbortController): Promise<Report> {
    const { spec, attempt } = command
    const rows = await rowsOf(command, signal).catch((error: unknown): CheckRow[] => [
      { rule: 'check', expected: 'checks that come to an end', found: oneLine(errorMessage(error), 200), passed: false },
    ])
    const clean = rows.map((row) => ({ ...row, found: adapters.redactor.text(row.found) }))
    return { type: 'checks-ended', task: spec.id, attempt, rows: signal.aborted ? 'interrupted' : clean }
  }

  async function rowsOf({ spec, output, files, refused }: CheckCommand, signal: AbortSignal): Promise<CheckRow[]> {
    const folder = adapters.outputs.folder(spec.id)
    const text = output === undefined ? '' : await adapters.outputs.read(output.path)
    const isCommand = spec.work.kind === 'command'
    const declared = isCommand && spec.outputs.length > 0 ? [{ rule: 'files', value: spec.outputs }] : []
    const rows = await adapters.runChecks([...spec.checks, ...declared], {
      text,
      folder,
      cwd: spec.cwd === undefined ? folder : resolve(adapters.workspace, spec.cwd),
      refused,
      env: environmentOf(spec, [], adapters),
      signal,
    })
    return isCommand ? rows : [...rows, ...declaredFiles(spec, files)]
  }

  return {
    perform: async (command) => {
      switch (command.type) {
        case 'start-attempt':
          return interruptible(command.spec.id, (controller) => attempt(command, controller))
        case 'check':
          return interruptible(command.spec.id, (controller) => check(command, controller))
        case 'interrupt-attempt':
          underWay.get(command.task)?.controller.abort(INTERRUPTED)
          return undefined
        case 'file': {
          const { file, path, status, content_sha256 } = command
          return { type: 'filed', file, status, ...(await adapters.fileAway(path, status, content_sha256)) }
        }
        // Recording these is all there is to do.
        case 'open-gate':
        case 'close':
        case 'leave':
          return undefined
      }
    },
    abandon: async () => {
      const left = [...underWay.values()]
      for (const { controller } of left) controller.abort(INTERRUPTED)
      await Promise.allSettled(left.map(({ over }) => over))
    },
  }
}
