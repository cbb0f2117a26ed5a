import type { Command, StartAttempt } from '../core/commands.ts'
import { hasChecks } from '../core/declared-files.ts'
import { errorMessage } from '../core/error.ts'
import type { Report } from '../core/intents.ts'
import type { Reply } from '../core/question.ts'
import type { AskPerson } from '../providers/provider.ts'
import { isInCache, performAttempt, INTERRUPTED, UNANSWERED } from './attempt.ts'
import type { Adapters } from './adapters.ts'
import { checkAnswer, type CheckCommand } from './check-answer.ts'

/** Carries out commands: the one place where a decision of the core becomes an effect. */
export type Performer = {
  /**
   * Resolves with what it came to. It never rejects for what a provider or a task can cause.
   * @param report takes what is told before that
   */
  perform: (command: Command, report: (report: Report) => void) => Promise<Report | undefined>
  /** A task has ended: its answers that did not pass are of no use any more. */
  forget: (task: string) => void
  /** Interrupts all that is under way and waits until it is gone. */
  abandon: () => Promise<void>
}

type UnderWay = { controller: AbortController; over: Promise<unknown> }

/** How long a provider may take to say whether it is back. */
const PROBE_MS = 10_000

export function createPerformer(adapters: Adapters): Performer {
  /** By task: it has one attempt or one round of checks at a time. */
  const underWay = new Map<string, UnderWay>()
  /**
   * Answers that have yet to prove good, by task. Those that did not pass belong to the one that does at
   * last: what is told to the next attempt rests on them, so all are kept together, and none before.
   */
  const unproved = new Map<string, (() => Promise<void>)[]>()

  /** Attempts that wait for an answer, by task. */
  const asking = new Map<string, (reply: Reply) => void>()

  async function interruptible(name: string, work: (controller: AbortController) => Promise<Report>): Promise<Report> {
    const controller = new AbortController()
    const over = work(controller)
    underWay.set(name, { controller, over })
    try {
      return await over
    } finally {
      underWay.delete(name)
    }
  }

  async function attempt(command: StartAttempt, controller: AbortController, report: (report: Report) => void): Promise<Report> {
    const { spec, attempt, is_reviewed } = command
    const put: AskPerson = (question, withdrawn) =>
      new Promise((resolve) => {
        asking.set(spec.id, resolve)
        report({ type: 'asked', task: spec.id, attempt, question })
        // What is interrupted takes nothing back: its question stays, for the attempt that goes on with it.
        withdrawn?.addEventListener('abort', () => controller.signal.aborted || report({ type: 'withdrawn', task: spec.id, attempt }), { once: true })
      })
    const { outcome, keep } = await performAttempt(command, adapters, controller, put)
    asking.delete(spec.id)
    if (keep !== undefined) unproved.set(spec.id, [...(unproved.get(spec.id) ?? []), keep])
    if (outcome.result === 'answered' && !hasChecks(spec) && !is_reviewed) await keepAll(spec.id)
    return { type: 'attempt-ended', task: spec.id, attempt, outcome }
  }

  async function lookUp(start: StartAttempt): Promise<Report> {
    const hit = await isInCache(start, adapters).catch(() => false)
    return { type: 'looked-up', task: start.spec.id, hit }
  }

  async function check(command: CheckCommand, { signal }: AbortController): Promise<Report> {
    const { spec, attempt, is_reviewed } = command
    const rows = await checkAnswer(command, adapters, signal)
    if (signal.aborted) return { type: 'checks-ended', task: spec.id, attempt, rows: 'interrupted' }
    if (rows.every(({ passed }) => passed) && !is_reviewed) await keepAll(spec.id)
    return { type: 'checks-ended', task: spec.id, attempt, rows }
  }

  async function keepAll(task: string): Promise<void> {
    const keeps = unproved.get(task) ?? []
    unproved.delete(task)
    for (const keep of keeps) await keep()
  }

  async function probe(name: string, { signal }: AbortController): Promise<Report> {
    try {
      const provider = await adapters.provider(name)
      const { state, detail } = await provider.health(AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]))
      return { type: 'probed', provider: name, found: state, detail: adapters.redactor.text(detail) }
    } catch (error) {
      return { type: 'probed', provider: name, found: 'unreachable', detail: adapters.redactor.text(errorMessage(error)) }
    }
  }

  return {
    perform: async (command, report) => {
      switch (command.type) {
        case 'start-attempt':
          return interruptible(command.spec.id, (controller) => attempt(command, controller, report))
        case 'look-up':
          return lookUp(command.start)
        case 'check':
          return interruptible(command.spec.id, (controller) => check(command, controller))
        case 'probe':
          // No task has a name with a space.
          return interruptible(`provider ${command.provider}`, (controller) => probe(command.provider, controller))
        case 'tell':
          if (command.telling === 'fail') underWay.get(command.task)?.controller.abort(UNANSWERED)
          else asking.get(command.task)?.(command.telling)
          asking.delete(command.task)
          return undefined
        case 'interrupt-attempt':
          underWay.get(command.task)?.controller.abort(INTERRUPTED)
          return undefined
        case 'file': {
          const { file, path, status, content_sha256 } = command
          return { type: 'filed', file, status, ...(await adapters.fileAway({ file, path }, status, content_sha256)) }
        }
        // Recording these is all there is to do.
        case 'open-gate':
        case 'downgrade':
        case 'stop-spending':
        case 'give-up':
        case 'warn':
        case 'stop':
        case 'close':
        case 'leave':
          return undefined
      }
    },
    forget: (task) => void unproved.delete(task),
    abandon: async () => {
      const left = [...underWay.values()]
      for (const { controller } of left) controller.abort(INTERRUPTED)
      await Promise.allSettled(left.map(({ over }) => over))
    },
  }
}
