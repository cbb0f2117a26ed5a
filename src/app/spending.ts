import type { SpentElsewhere } from '../core/budget.ts'
import { dayAt, daysBefore, monthOf } from '../core/calendar.ts'
import type { LedgerLine, SettledLine } from '../core/ledger.ts'
import { taskOf, type RunState } from '../core/state.ts'
import { ledgerLine, ledgerLines } from '../core/views/ledger-line.ts'
import type { Listener } from '../runtime/loop.ts'
import { openLedger } from '../store/ledger.ts'
import { closeAccount, openAccount } from '../store/open-accounts.ts'
import type { Workspace } from './workspace.ts'

/** Settlements are gathered for so long before they are written; milliseconds. */
const PAUSE_MS = 50

/** A run's part of the ledger, while the run is under way. */
export type Bookkeeper = {
  listener: Listener
  /**
   * Writes what is left, when the run is over, and closes its account. Where the disk refuses, or the run's end
   * is not recorded, the account stays open: the next conductor writes what is missing.
   */
  end: () => Promise<void>
}

/**
 * What counts against the limits and is not among a run's own settlements; micro-dollars. What others have
 * spent on the project is complete only where the project has a limit: it takes reading the whole ledger.
 * @param run the run's id, which tells when it began
 * @param at now (ISO 8601, UTC)
 */
export async function spentElsewhere({ runs, settings }: Workspace, run: string, project: string, at: string): Promise<SpentElsewhere> {
  const { time_zone, project: limit } = settings.budget
  const { day } = dayAt(time_zone, at)
  // A correction stands in the month of what it corrects. Where the run began, it may have been the day before.
  const begun = monthOf(daysBefore(`${run.slice(0, 4)}-${run.slice(4, 6)}-${run.slice(6, 8)}`, 1))
  const spent = { run: 0, project: 0, day: 0, month: 0 }
  for await (const line of openLedger(runs).read((month) => limit !== null || month >= begun || month === monthOf(day))) {
    const isOwn = line.run === run
    if (isOwn && line.type === 'settled') continue
    if (isOwn) spent.run += line.micro_usd
    if (line.project === project) spent.project += line.micro_usd
    if (line.day === day) spent.day += line.micro_usd
    if (monthOf(line.day) === monthOf(day)) spent.month += line.micro_usd
  }
  return spent
}

/**
 * Keeps the ledger of a run that begins or is taken up. Until it is over, the run has an open account.
 * @param state the run's own, as the loop changes it
 * @param durable resolves when the events so far are on disk: what the log does not know is not written down
 */
export async function keepLedger({ runs }: Workspace, run: string, state: RunState, durable: () => Promise<void>): Promise<Bookkeeper> {
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
      const isWritten = await writeNext().then(
        () => true,
        () => false,
      )
      if (isWritten && !hasReservation(state)) await closeAccount(runs, run)
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
