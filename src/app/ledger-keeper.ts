import { errorMessage, refusedAt } from '../core/error.ts'
import type { Problem } from '../core/problem.ts'
import type { LedgerLine, SettledLine } from '../core/ledger.ts'
import { taskOf, type RunState } from '../core/state.ts'
import { ledgerLine, ledgerLines } from '../core/views/ledger-line.ts'
import type { Listener } from '../runtime/loop.ts'
import { openLedger } from '../store/ledger.ts'
import { closeAccount, openAccount } from '../store/open-accounts.ts'
import type { Workspace } from './workspace.ts'

/** Settlements are gathered for so long before they are written, milliseconds: the log has them already. */
const PAUSE_MS = 500

/** A run's part of the ledger, while the run is under way. */
export type LedgerKeeper = {
  listener: Listener
  /**
   * Writes what is left, when the run is over, and closes its account. Where the disk refuses, or the run's end
   * is not recorded, the account stays open: the next conductor writes what is missing.
   * @returns what kept it from being written
   */
  end: () => Promise<Problem | undefined>
}

/**
 * Keeps the ledger of a run that begins or is taken up. Until it is over, the run has an open account.
 * @param state the run's own, as the loop changes it
 * @param durable resolves when the events so far are on disk: what the log does not know is not written down
 */
export async function keepLedger({ runs }: Workspace, run: string, state: RunState, durable: () => Promise<void>): Promise<LedgerKeeper> {
  await openAccount(runs, run)
  const ledger = openLedger(runs)
  let due: LedgerLine[] = ledgerLines(state)
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  async function write(): Promise<void> {
    const lines = due
    due = []
    if (lines.length === 0) return
    try {
      await durable()
      await ledger.append(lines)
    } catch (error) {
      due = [...lines, ...due]
      throw error
    }
  }

  const writeNext = () => (writing = writing.catch(() => {}).then(write))

  function add(line: SettledLine): void {
    due.push(line)
    timer ??= setTimeout(() => {
      timer = undefined
      // What could not be written now is tried again with the next line, and at the end.
      writeNext().catch(() => {})
    }, PAUSE_MS).unref()
  }

  return {
    listener: (event, now) => {
      if (event.type !== 'attempt.finished') return
      const task = taskOf(now, event.task)
      const attempt = task.attempts.find((each) => each.attempt === event.attempt)
      const line = attempt === undefined ? undefined : ledgerLine(now, task, attempt)
      if (line !== undefined) add(line)
    },
    end: async () => {
      clearTimeout(timer)
      timer = undefined
      const failure = await writeNext().then(
        () => undefined,
        (error: unknown) => errorMessage(refusedAt(undefined, error)),
      )
      if (failure !== undefined) return { file: 'runs/ledger', message: `what was spent could not be written down: ${failure}; the next run does it` }
      // One that stays open, as the disk refuses, is closed by the next conductor.
      if (!hasReservation(state)) await closeAccount(runs, run).catch(() => {})
      return undefined
    },
  }
}

/** Appends what the ledger lacks of a run. */
export async function syncLedger({ runs }: Workspace, state: RunState): Promise<void> {
  const lines = ledgerLines(state)
  if (lines.length > 0) await openLedger(runs).append(lines)
}

/** Whether money is set aside for an attempt whose end nobody has recorded. */
function hasReservation({ tasks }: RunState): boolean {
  return [...tasks.values()].some(({ attempts }) => attempts.some(({ reserved, settled }) => reserved !== undefined && settled === undefined))
}
