import { STOPPED_BY } from '../app/conductor.ts'
import type { Run } from '../app/run.ts'
import { heldAt, type RunState } from '../core/state.ts'
import { manifestOf } from '../core/views/manifest.ts'
import { summarize } from '../core/views/summary.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { SIGNAL_EXIT, signalOf } from './signals.ts'
import { outRows } from './rows.ts'
import { hanging, out, styleOf } from './terminal.ts'

/** Why a run was stopped that a person left by a key. */
export const QUIT = 'quit'

/** What the end of a run means to the shell. */
export function exitCodeOf(state: RunState): ExitCode {
  const { phase, counts, budget } = state
  if (phase.phase === 'closed') return phase.status === 'succeeded' ? EXIT.done : EXIT.failed
  const signal = phase.phase === 'stopped' ? signalOf(phase.reason) : undefined
  if (signal !== undefined) return SIGNAL_EXIT[signal]
  if (phase.phase === 'stopped' && (phase.reason === QUIT || phase.reason.startsWith(STOPPED_BY))) return EXIT.waiting
  if (state.paused !== undefined) return EXIT.waiting
  if (budget.stopped || heldAt(state, 'budget').length > 0) return EXIT.budget
  return counts.held + counts.ready > 0 ? EXIT.waiting : EXIT.failed
}

/** Says what a run came to and where to look. */
export function printSummary(run: Run, state: RunState): void {
  const style = styleOf(process.stdout)
  const manifest = manifestOf(state)
  const { headline, label, unfinished, unnamed, look_at, results } = summarize(manifest)
  out('')
  const sign = style.sign(state.phase.phase === 'closed' && state.phase.status === 'succeeded' ? 'complete' : 'incomplete')
  out(hanging(process.stdout, `${sign} `, headline, 2))
  if (label !== undefined) out(`  ${style.paint('yellow', label)}`)
  outRows(
    unfinished.map(({ id, status, reason }) => ({ sign: style.sign(status), cells: [`${id}: ${reason}`] })),
    2,
  )
  if (unnamed > 0) out(`  … and ${unnamed} more`)
  // The end of the name is enough to find a run by.
  const short = run.id.slice(-4)
  const rows: string[][] = [
    ...results.map((path, index) => [index === 0 ? 'result' : '', `${run.path}/${path}`]),
    ['all files', `${run.path}/outputs/`],
    ['more', look_at === undefined ? `tutti show ${short}` : `tutti show ${short}, tutti logs ${short} ${look_at}`],
  ]
  if (state.phase.phase !== 'closed') rows.push(['go on with', goOn(run, state)])
  for (const [what = '', where = ''] of rows) out(hanging(process.stdout, `  ${style.paint('dim', what.padEnd(10))} `, where, AFTER_WHAT))
}

/** Columns before the second column of the rows at the end. */
const AFTER_WHAT = '  go on with '.length

function goOn({ id }: Run, state: RunState): string {
  if (state.paused !== undefined) return `tutti resume ${id}   (ends the pause)`
  if (state.budget.stopped || heldAt(state, 'budget').length > 0) return `tutti resume ${id}   (once config.json allows it, or another day has begun)`
  const forApproval = heldAt(state, 'approval').length
  const held = forApproval === 1 ? 'the task' : `${forApproval} tasks`
  if (heldAt(state, 'question').length + heldAt(state, 'review').length > 0) return `tutti inbox, then tutti resume ${id}`
  if (forApproval > 0) return `tutti resume ${id} --yes   (approves ${held})`
  if (heldAt(state, 'quota').length > 0) return `tutti resume ${id}   (asks again whoever has nothing left)`
  return heldAt(state, 'paused').length > 0 ? `tutti resume ${id}   (P on its screen ends the pause of a task)` : `tutti resume ${id}`
}
