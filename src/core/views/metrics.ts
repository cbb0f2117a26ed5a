import type { RunState } from '../state.ts'
import { TASK_STATUSES } from '../task-state.ts'
import { limitsOfRun } from './limits.ts'

/** One number, and what it is of. */
type Sample = { labels?: Record<string, string>; value: number }
type Metric = { name: string; type: 'gauge' | 'counter'; help: string; samples: Sample[] }

/**
 * What a monitor wants to know of a conductor, in Prometheus' text format. It costs the same in a large run.
 * @param state of the run that is open, or was the last
 * @param requests how many the server has answered, by the class of their status: `2xx`
 */
export function metricsText(state: RunState | undefined, version: string, requests: Readonly<Record<string, number>>): string {
  const metrics: Metric[] = [
    { name: 'tutti_info', type: 'gauge', help: 'The version that conducts.', samples: [{ labels: { version }, value: 1 }] },
    { name: 'tutti_http_requests_total', type: 'counter', help: 'Requests that were answered, by the class of their status.', samples: Object.entries(requests).map(([status, value]) => ({ labels: { status }, value })) },
    ...(state === undefined ? [] : metricsOfRun(state)),
  ]
  return metrics.map(textOf).join('')
}

function metricsOfRun(state: RunState): Metric[] {
  const limits = limitsOfRun(state)
  const money = (name: string, help: string, valueOf: (row: (typeof limits)[number]) => number | null): Metric => ({
    name,
    type: 'gauge',
    help: `${help}, in millionths of a US dollar.`,
    samples: limits.flatMap((row) => {
      const value = valueOf(row)
      return value === null ? [] : [{ labels: { limit: row.limit }, value }]
    }),
  })
  const one = (value: number): Sample[] => [{ value }]
  return [
    { name: 'tutti_run_open', type: 'gauge', help: 'Whether a run is open.', samples: one(state.phase.phase === 'open' || state.phase.phase === 'stopping' ? 1 : 0) },
    { name: 'tutti_run_paused', type: 'gauge', help: 'Whether the run is paused.', samples: one(state.paused === undefined ? 0 : 1) },
    { name: 'tutti_tasks', type: 'gauge', help: 'Tasks of the run, by their status.', samples: TASK_STATUSES.map((status) => ({ labels: { status }, value: state.counts[status] })) },
    { name: 'tutti_attempts_running', type: 'gauge', help: 'Attempts under way, by their provider.', samples: [...state.running].map(([provider, value]) => ({ labels: { provider }, value })) },
    { name: 'tutti_gates_open', type: 'gauge', help: 'Tasks that wait for a person or for money.', samples: one(state.counts.held) },
    { name: 'tutti_events_total', type: 'counter', help: 'Events of the run.', samples: one(state.seq) },
    money('tutti_spent_micro_usd', 'Spent against a limit', ({ spent_micro_usd }) => spent_micro_usd),
    money('tutti_reserved_micro_usd', 'Set aside against a limit', ({ reserved_micro_usd }) => reserved_micro_usd),
    money('tutti_limit_micro_usd', 'The limit, where there is one', ({ max_micro_usd }) => max_micro_usd),
  ]
}

function textOf({ name, type, help, samples }: Metric): string {
  const lines = samples.map(({ labels = {}, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`
  })
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

/** A name may hold anything. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
