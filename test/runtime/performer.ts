import type { Command, StartAttempt } from '../../src/core/commands.ts'
import { join } from 'node:path'
import { createRedactor } from '../../src/core/redact.ts'
import type { Answer, AttemptIo, AttemptRequest, Provider } from '../../src/providers/provider.ts'
import type { Adapters } from '../../src/runtime/adapters.ts'
import type { Report } from '../../src/core/intents.ts'
import { createPerformer, type Performer } from '../../src/runtime/perform.ts'
import { openAttemptLog } from '../../src/store/attempt-log.ts'
import { openCache } from '../../src/store/cache.ts'
import { openOutputs } from '../../src/store/outputs.ts'
import { createRunFolder, type RunFolder } from '../../src/store/run-folder.ts'
import { task } from '../core/specs.ts'
import { tempDir } from '../temp-dir.ts'

export const START: StartAttempt = {
  type: 'start-attempt',
  spec: task('a'),
  attempt: 1,
  route: { provider: 'p', reason: 'test' },
  reserved: undefined,
  limits: { timeout_s: 60, first_token_timeout_s: undefined, idle_timeout_s: undefined, max_tokens: undefined, max_cost_micro_usd: undefined },
  session: { attempt: 1, spent_micro_usd: 0 },
  cache: 'off',
  dependencies: [],
  feedback: [],
  said: { comments: [], replies: [] },
  may_ask: false,
  is_reviewed: false,
}

export const ANSWER: Answer = { result: 'answered', text: 'an answer', finish: 'stop' }

type Run = (request: AttemptRequest, io: AttemptIo) => Answer | Promise<Answer>

/** A provider of the test's own. */
export function provider(run: Run, more: Partial<Provider> = {}): Provider {
  return { run: async (request, io) => run(request, io), health: () => Promise.resolve({ state: 'ready', detail: '' }), ...more }
}

/** An agent: what it was given is in `given`. */
export function agent(run: Run = () => ANSWER): Provider & { given: AttemptRequest[] } {
  const given: AttemptRequest[] = []
  const take: Run = (request, io) => {
    given.push(request)
    return run(request, io)
  }
  return { ...provider(take, { prompts: 'verbatim' }), given }
}

/** `reports`: what it was told before the end of what was performed. */
export type Bench = Omit<Performer, 'perform'> & { perform: (command: Command) => Promise<Report | undefined>; reports: Report[]; dir: string; folder: RunFolder }

/**
 * A performer over a real store.
 * @param dir the workspace; one of its own when it is not given
 */
export async function performer(by: Provider, more: Partial<Adapters> = {}, dir?: string, run = '20261120-120000-0000'): Promise<Bench> {
  const workspace = dir ?? (await tempDir())
  const folder = await createRunFolder(join(workspace, 'runs'), run)
  const made = createPerformer({
    provider: () => Promise.resolve(by),
    identity: (name) => name,
    outputs: openOutputs(folder),
    cache: openCache(join(workspace, 'runs', 'cache')),
    attemptLog: (id, attempt) => openAttemptLog(folder, id, attempt, 10_000),
    runChecks: () => Promise.resolve([]),
    fileAway: ({ path }) => Promise.resolve({ path }),
    redactor: createRedactor([]),
    workspace,
    runFolder: folder.path,
    contextMaxChars: 100,
    ...more,
  })
  const reports: Report[] = []
  return { ...made, perform: (command) => made.perform(command, (report) => reports.push(report)), reports, dir: workspace, folder }
}
