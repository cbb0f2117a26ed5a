import { join, relative } from 'node:path'
import type { Command } from 'commander'
import { runBeside, type RunBeside } from '../../app/handed-in/hand-in.ts'
import type { RecordedWish } from '../../app/handed-in/recorded-wishes.ts'
import type { Question } from '../../core/question.ts'
import { formatSpan, formatTime, plural } from '../../core/units.ts'
import { inboxEntries, type InboxEntry } from '../../core/views/inbox.ts'
import { quotasUsedUp } from '../../core/views/providers-away.ts'
import { producedFiles } from '../../core/views/manifest.ts'
import { wishText } from '../../core/views/wish-text.ts'
import { workText } from '../at-gate.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { workspaceToLookAt } from '../options.ts'
import { outRows } from '../rows.ts'
import { hanging, out, outJson, outWrapped, styleOf } from '../terminal.ts'
import { complainOfNone, withWish, type WishOptions } from '../wish-options.ts'

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withWish(command).action(async (options: WishOptions) => exit(await inbox(options)))
}

/** What waits, with all that a person needs to answer it. */
type Waiting = Omit<InboxEntry, 'answers'> & {
  /** What the task is to do, as far as a line holds it. */
  work: string
  /** What it made, where that is what has to be looked at. */
  files: string[]
  answers: { command: string; means: string }[]
}

async function inbox(options: WishOptions): Promise<ExitCode> {
  const workspace = await workspaceToLookAt(options)
  if (workspace === undefined) return EXIT.invalid
  const run = await runBeside(workspace, { by: options.by, door: 'cli' }, options.run)
  const isNone = 'problem' in run && run.code === 'no_run' && options.run === undefined
  if ('problem' in run && !isNone) return complainOfNone(run, options)
  const waiting = 'problem' in run ? [] : inboxEntries(run.state).map((entry) => waitingOf(run, entry, options))
  if (options.json === true) outJson('problem' in run ? { run: null, entries: [], quotas: [], recorded: [] } : { run: run.folder.id, conductor: run.conductor, entries: waiting, quotas: quotasUsedUp(run.state), recorded: run.recorded }, 2)
  else if ('problem' in run) out('nothing waits for you: there are no runs yet')
  else tell(run, waiting)
  return EXIT.done
}

function waitingOf({ state, folder }: RunBeside, entry: InboxEntry, { workspace, run }: WishOptions): Waiting {
  const task = state.tasks.get(entry.task)
  const where = `${workspace === '.' ? '' : ` --workspace ${quoted(workspace)}`}${run === undefined ? '' : ` --run ${quoted(run)}`}`
  const made = entry.gate === 'review' && task !== undefined ? producedFiles(task) : []
  return {
    ...entry,
    work: task === undefined ? '' : workText(task),
    files: made.map(({ path }) => relative(process.cwd(), join(folder.path, path))),
    answers: entry.answers.map(({ intent, means }) => ({ command: `tutti ${commandFor(intent, entry)}${where}`, means })),
  }
}

function commandFor(intent: InboxEntry['answers'][number]['intent'], { task, question }: InboxEntry): string {
  switch (intent) {
    case 'approve':
    case 'reject':
    case 'unpause':
    case 'skip':
    case 'cancel':
      return `${intent} ${task}`
    case 'send-back':
      return `send-back ${task} --comment "what is missing"`
    case 'answer':
      return `answer ${task} ${asksOf(question).map(() => '"…"').join(' ')}`
  }
}

function asksOf(question: Question | undefined) {
  return question?.kind === 'question' ? question.asks : []
}

function tell(run: RunBeside, waiting: readonly Waiting[]): void {
  const { folder, state, conductor, recorded } = run
  outWrapped(`run ${folder.id}: ${waiting.length === 0 ? 'nothing waits for you' : `${plural(waiting.length, 'task')} ${waiting.length === 1 ? 'waits' : 'wait'} for you`}`)
  if (state.paused !== undefined) outWrapped(`the whole run is paused by ${state.paused}: tutti ${conductor === 'there' ? 'unpause' : `resume ${folder.id}`} lets it go on`)
  for (const entry of waiting) tellEntry(entry)
  tellQuotas(run)
  if (conductor !== 'there' && waiting.length > 0) out('')
  if (recorded.length > 0) outWrapped(`recorded already: ${recorded.map(recordedText).join(', ')}`)
  if (conductor !== 'there' && waiting.length + recorded.length > 0) outWrapped(`nobody conducts this run now: answers are recorded, and take effect with: tutti resume ${folder.id}`)
}

/** A quota comes back by itself; a person who knows better can have it asked for at once. */
function tellQuotas({ folder, state, conductor }: RunBeside): void {
  const style = styleOf(process.stdout)
  const quotas = quotasUsedUp(state)
  if (quotas.length > 0) out('')
  for (const { provider, text } of quotas) out(hanging(process.stdout, `${style.sign('held')} `, `${provider} ${text}`, 4))
  if (quotas.length > 0) outRows([{ cells: [`tutti resume${conductor === 'there' ? '' : ` ${folder.id}`} --retry-now`, 'it is asked again at once; else when it is due'] }], 4)
}

function recordedText({ wish, by }: RecordedWish): string {
  return `${wishText(wish)} (${by})`
}

const BY_ITSELF: Readonly<Record<string, string>> = { approve: 'approved', reject: 'rejected', skip: 'skipped' }

function tellEntry({ task, id, since, due, waits, gate, work, question, files, answers, advice }: Waiting): void {
  const style = styleOf(process.stdout)
  const waited = formatSpan(Math.max(0, Date.now() - Date.parse(since)) / 1000)
  const itself = due === undefined ? '' : `; ${gate === 'quota' && due.does === 'approve' ? 'asked again' : (BY_ITSELF[due.does] ?? due.does)} by itself at ${formatTime(due.at)}`
  out('')
  out(hanging(process.stdout, `${style.sign('held')} `, `${task}: ${waits}`, 4))
  if (gate !== 'question') out(hanging(process.stdout, '    ', work, 6))
  const asks = asksOf(question)
  for (const ask of asks) {
    // A single short one stands in the line above.
    if (asks.length > 1 || !waits.endsWith(ask.text)) out(hanging(process.stdout, '    ', ask.text, 6))
    outRows(ask.options.map(({ label, description = '' }, index) => ({ sign: `${index + 1}`, cells: [label, description] })), 6)
  }
  for (const file of files) out(`    ${file}`)
  if (advice !== undefined) out(hanging(process.stdout, '    ', advice, 6))
  outRows(answers.map(({ command, means }) => ({ cells: [command, means] })), 4)
  out(style.paint('dim', `    ${id === undefined ? '' : `gate ${id}, `}for ${waited}${itself}`))
}

function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
