import type { ProviderHarness } from '../contracts/provider-contract.ts'
import type { AgentWorld, Scenario } from './agent-world.ts'

/** The ways in which an agent does not end: it waits for a server, or for a process of its own, which holds its stdout. */
export function hanging(lines: readonly object[], more: Scenario = {}): ProviderHarness<AgentWorld>['hangs'] {
  return {
    'it never answers': async ({ request, pids }) => ({ request: await request({ hang: true }), underway: () => pids(1) }),
    'it falls silent in mid-answer': async ({ request }) => ({
      request: await request({ lines, hang: true, child: 'in its group', ...more }),
      underway: (first) => first,
    }),
  }
}
