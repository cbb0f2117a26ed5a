import type { Event } from '../events.ts'
import { REHEARSAL_LABEL, REHEARSAL_PROVIDER, type Route } from '../route.ts'
import type { Settlement } from '../money.ts'
import type { Outcome } from '../outcome.ts'
import type { Settings } from '../settings.ts'
import type { TaskStatus } from '../task-state.ts'
import { failureWords, reasonInWords } from './failure-words.ts'
import { questionText } from './gate-words.ts'
import { formatBytes, formatSeconds, formatTime, formatUsd, plural } from '../units.ts'

/** An event as one line for a person. */
export type EventLine = {
  at: string
  /** What the event is about; empty for the run itself. */
  subject: string
  /** The status whose sign and colour the line carries. */
  sign: TaskStatus
  text: string
  /** Steps in between, which a short telling leaves out. */
  detail: boolean
}

/** Tells an event. The settings are the run's: they know which providers only rehearse. */
export function eventLine(event: Event, settings: Settings | undefined): EventLine {
  const line = (sign: TaskStatus, subject: string, text: string, detail = false): EventLine => ({ at: event.at, sign, subject, text, detail })
  switch (event.type) {
    case 'run.opened':
      return line('running', '', `run ${event.run} of ${event.project} began`)
    case 'run.resumed':
      return line('running', '', 'the run was taken up where it was left')
    case 'run.draining':
      return line('held', '', `stopping: ${event.reason}; nothing new is started, and what runs comes to its end${event.until === undefined ? '' : ` until ${formatTime(event.until)}`}`)
    case 'run.stopping':
      return line('held', '', `stopping: ${event.reason}; what runs is interrupted`)
    case 'run.stopped':
      return line('held', '', `left before the end: ${event.reason}`)
    case 'settings.changed':
      return line('running', '', `${event.by === undefined ? 'config.json has changed' : `${event.by} has changed config.json`}: ${event.keys.join(', ')}`)
    case 'run.closed':
      return line(event.status === 'succeeded' ? 'complete' : event.status, '', `the run ${event.status === 'cancelled' ? 'was cancelled' : event.status}`)
    case 'run.paused':
      return line('held', '', `paused by ${event.by}: what runs comes to its end, and nothing new is started`)
    case 'run.unpaused':
      return line('running', '', `goes on: ${event.by} has ended the pause`)
    case 'file.read':
      return line('ready', event.file, `read, ${formatBytes(event.size)}`, true)
    case 'filing.started':
      return line('running', event.file, `to be marked ${event.status}`, true)
    case 'filing.finished':
      return filed(event, line)
    case 'task.added':
      return line('waiting', event.task.id, `added from ${event.task.file}:${event.task.line}`, true)
    case 'task.adopted':
      return line('complete', event.task, `completed in run ${event.earlier.run}; its result is used`)
    case 'task.revised':
      return line('waiting', event.task.id, `read again from ${event.task.file}:${event.task.line}`)
    case 'tasks.ranked':
      return line('waiting', '', `${plural(Object.keys(event.ranks).length, 'task')} moved up: others now depend on them`, true)
    case 'gate.opened':
      return line('held', event.task, openedText(event))
    case 'cache.asked':
      return line('waiting', event.task, 'there is no money for it: its answer is looked for in the cache', true)
    case 'cache.told':
      return line('ready', event.task, event.hit ? 'its answer is in the cache' : 'its answer is not in the cache', true)
    case 'gate.lifted':
      return line('ready', event.task, `is looked at again: ${event.reason}`, true)
    case 'gate.answered':
      return line('ready', event.task, answeredText(event))
    case 'question.settled':
      return line('running', event.task, `asked: ${questionText(event.question)}; ${SETTLED[event.how]}`, event.how === 'again')
    case 'question.withdrawn':
      return line('running', event.task, 'needs no answer any more')
    case 'question.told':
      return line('running', event.task, 'goes on with the answer', true)
    case 'task.prioritized':
      return line('ready', event.task, `has the priority ${event.priority} now, as ${event.by} wants`)
    case 'task.paused':
      return line('held', event.task, `paused by ${event.by}`)
    case 'task.unpaused':
      return line('ready', event.task, `goes on: ${event.by} has ended its pause`)
    case 'task.ending':
      return line(event.status, event.task, `is being ${event.status}, as ${event.by} wants`, true)
    case 'task.ended':
      return line(event.status, event.task, endText(event))
    case 'task.reopened':
      return line('waiting', event.task, event.behind === undefined ? `is to be done again, as ${event.by} wants` : `is to be done again, behind "${event.behind}"`, event.behind !== undefined)
    case 'attempt.started':
      return line('running', event.task, `${event.attempt === 1 ? '' : `attempt ${event.attempt}, `}${routeText(event.route, settings)}`)
    case 'attempt.interrupting':
      return line('running', event.task, 'is being interrupted', true)
    case 'attempt.finished':
      return line(event.outcome.result === 'answered' ? 'checking' : 'failed', event.task, outcomeText(event.outcome, event.settled), true)
    case 'check.started':
      return line('checking', event.task, 'is being checked', true)
    case 'check.finished':
      return line('checking', event.task, `${event.rows.filter((row) => row.passed).length} of ${plural(event.rows.length, 'check')} passed`, true)
    case 'check.interrupted':
      return line('checking', event.task, 'its checks were interrupted', true)
    case 'retry.scheduled':
      return line('waiting', event.task, `tries again: ${reasonInWords(event.reason)}`)
    case 'retry.due':
      return line('ready', event.task, 'is ready for its next try', true)
    case 'route.changed':
      return line('ready', event.task, `${CHANGES[event.why]} ${routeText(event.to, settings)}`)
    case 'day.turned':
      return line('running', '', `the day is ${event.day} until ${formatTime(event.ends_at)}`, true)
    case 'budget.counted':
      return line('running', '', `spent elsewhere: ${formatUsd(event.elsewhere.day)} this day, ${formatUsd(event.elsewhere.month)} this month`, true)
    case 'budget.warned':
      return line('incomplete', '', `${formatUsd(event.spent)} of the ${event.limit}'s limit of ${formatUsd(event.max)} are spent`)
    case 'budget.stopped':
      return line('held', '', `nothing more is started: ${event.reason}`)
    case 'prices.read':
      return line('running', '', `${plural(event.prices.length, 'price')} read`, true)
    case 'provider.waiting':
      return line('held', event.provider, event.until === undefined ? `has no quota left: ${event.reason}` : `is left alone ${waitText(event.at, event.until)}: ${event.reason}`)
    case 'provider.resting':
      return line('held', event.provider, `is down, and is asked again ${restText(event.at, event.until)}: ${event.reason}`)
    case 'provider.due':
    case 'provider.probing':
      return line('running', event.provider, 'is asked whether it is back', true)
    case 'provider.gone':
      return line('failed', event.provider, `is down and is not asked again: ${event.reason}`)
    case 'provider.back':
      return line('ready', event.provider, `is used again: ${event.reason}`)
  }
}

function openedText({ gate, reason = '', question }: Extract<Event, { type: 'gate.opened' }>): string {
  switch (gate) {
    case 'approval':
      return 'waits for approval'
    case 'review':
      return 'waits for review of what it made'
    case 'budget':
      return `waits for money: ${reason}`
    case 'quota':
      return `waits for a quota: ${reason}`
    case 'question':
      return `asks: ${question === undefined ? '' : questionText(question)}`
  }
}

function answeredText({ answer, reply, by, door, comment }: Extract<Event, { type: 'gate.answered' }>): string {
  const said = reply?.is === 'answered' ? `answered "${reply.answers.join('", "')}"` : ANSWERS[answer]
  return `${said} by ${by}${door === undefined || door === 'screen' ? '' : ` (${door})`}${comment === undefined ? '' : `: ${comment}`}`
}

const ANSWERS = { approved: 'approved', rejected: 'rejected', sent_back: 'sent back', replied: 'answered' } as const

const SETTLED = {
  again: 'it was answered before',
  default: 'nobody is there, and what holds then is told',
  fail: 'nobody is there to answer',
  limit: 'it has asked as often as it may',
} as const

/** A reason that a person gave says how it ended by itself. */
function endText({ status, reason, asked_by }: Extract<Event, { type: 'task.ended' }>): string {
  if (reason === undefined) return status
  return asked_by === undefined ? `${status}: ${reason}` : reason
}

const CHANGES = {
  fallback: 'its route is down; goes to',
  escalation: 'its answer did not do; moves up to',
  downgrade: 'there is no money for its tier; moves down to',
} as const

/** A wait of minutes is told by its length, a longer one by its end. */
function waitText(at: string, until: string): string {
  const seconds = secondsTo(at, until)
  return seconds < LONG_WAIT_S ? `for ${formatSeconds(seconds)}` : `until ${formatTime(until)}`
}

function restText(at: string, until: string): string {
  return `in ${formatSeconds(secondsTo(at, until))}`
}

const LONG_WAIT_S = 600
const secondsTo = (at: string, until: string) => Math.max(0, Date.parse(until) - Date.parse(at)) / 1000

type MakeLine = (sign: TaskStatus, subject: string, text: string, detail?: boolean) => EventLine

function filed(event: Extract<Event, { type: 'filing.finished' }>, line: MakeLine): EventLine {
  if (event.problem !== undefined) return line('failed', event.file, `could not be marked ${event.status}: ${event.problem}`)
  const moved = event.path === event.file ? '' : `, moved to ${event.path}`
  return line('complete', event.file, `marked ${event.status}${moved}`, moved === '')
}

/** Where an attempt runs: provider, model, tier, and whether a model is called at all. */
export function routeText({ provider, model, tier }: Pick<Route, 'provider' | 'model' | 'tier'>, settings: Settings | undefined): string {
  const parts = [provider, model, tier === undefined ? undefined : `tier ${tier}`].filter((part) => part !== undefined)
  const rehearsed = settings?.providers[provider]?.type === REHEARSAL_PROVIDER
  return rehearsed ? (provider === REHEARSAL_PROVIDER ? REHEARSAL_LABEL : `${parts.join(' · ')} (${REHEARSAL_LABEL})`) : parts.join(' · ')
}

/** How an attempt ended. */
export function outcomeText(outcome: Outcome, settled?: Settlement): string {
  const time = formatSeconds(outcome.duration_ms / 1000)
  const cost = settled === undefined || settled.micro_usd === 0 ? undefined : `${settled.estimated ? 'up to ' : ''}${formatUsd(settled.micro_usd)}`
  if (outcome.result === 'failed') return `${failureWords(outcome.kind)} after ${time}${cost === undefined ? '' : `, ${cost}`}: ${outcome.message}`
  const { output, files = [], refused = [], usage, finish, cached } = outcome
  const tokens = usage?.output === undefined ? undefined : `${usage.input ?? '?'} → ${usage.output} tokens`
  return [
    cached === true ? 'from the cache' : `answered in ${time}`,
    output === undefined ? 'no text' : formatBytes(output.size),
    tokens,
    cost,
    files.length === 0 ? undefined : plural(files.length, 'file'),
    refused.length === 0 ? undefined : `${plural(refused.length, 'file')} refused`,
    finish === 'length' ? 'cut off by the token limit' : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(', ')
}
