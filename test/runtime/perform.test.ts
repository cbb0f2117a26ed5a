import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Command } from '../../src/core/commands.ts'
import { createRedactor } from '../../src/core/redact.ts'
import type { Answer } from '../../src/providers/provider.ts'
import type { Adapters } from '../../src/runtime/adapters.ts'
import { createPerformer } from '../../src/runtime/perform.ts'
import { openAttemptLog } from '../../src/store/attempt-log.ts'
import { openOutputs } from '../../src/store/outputs.ts'
import { createRunFolder } from '../../src/store/run-folder.ts'
import { task } from '../core/specs.ts'
import { tempDir } from '../temp-dir.ts'

const START: Command = {
  type: 'start-attempt',
  spec: task('a'),
  attempt: 1,
  route: { provider: 'p', reason: 'test' },
  timeout_s: 60,
  dependencies: [],
  feedback: [],
}

/** A performer over a real store, with a provider of the test's own. */
async function performer(run: (signal: AbortSignal) => Promise<Answer>, more: Partial<Adapters> = {}) {
  const dir = await tempDir()
  const folder = await createRunFolder(join(dir, 'runs'), '20261120-120000-0000')
  return createPerformer({
    provider: () => Promise.resolve({ run: (_, { signal }) => run(signal), health: () => Promise.resolve({ state: 'ready', detail: '' }) }),
    outputs: openOutputs(folder),
    attemptLog: (id, attempt) => openAttemptLog(folder, id, attempt, 1_000),
    runChecks: () => Promise.resolve([]),
    fileAway: (path) => Promise.resolve({ path }),
    redactor: createRedactor([]),
    workspace: dir,
    runFolder: folder.path,
    contextMaxChars: 100,
    ...more,
  })
}

/** A provider that answers only when it is interrupted. */
const hangs = (signal: AbortSignal) =>
  new Promise<Answer>((resolve) => {
    const stop = () => resolve({ result: 'failed', kind: 'interrupted', message: 'stopped' })
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop)
  })

describe('performing', () => {
  it('interrupts all that is under way when it is abandoned, and waits until it is gone', async () => {
    const { perform, abandon } = await performer(hangs)
    const report = perform(START)
    await abandon()
    expect(await report).toMatchObject({ outcome: { kind: 'interrupted' } })
  })

  it('tells a timeout from an interruption', async () => {
    const { perform } = await performer(hangs)
    expect(await perform({ ...START, timeout_s: 0.01 })).toMatchObject({ outcome: { kind: 'timeout', message: 'it took longer than 0.01 s' } })
    const { perform: again, abandon } = await performer(() => Promise.reject(new Error('broke while it was stopped')))
    const report = again(START)
    await abandon()
    expect(await report).toMatchObject({ outcome: { kind: 'interrupted' } })
  })

  it('makes a failure of the task of whatever breaks in it', async () => {
    const { perform } = await performer(() => Promise.reject(new Error('a bug in the provider')))
    expect(await perform(START)).toMatchObject({ type: 'attempt-ended', outcome: { kind: 'broken', message: 'a bug in the provider' } })
  })

  it('makes an unmet check of a check that breaks', async () => {
    const { perform } = await performer(hangs, { runChecks: () => Promise.reject(new Error('a bug in the check')) })
    const report = await perform({ type: 'check', spec: task('a'), attempt: 1, output: undefined, files: [], refused: [] })
    expect(report).toMatchObject({ type: 'checks-ended', rows: [{ passed: false, found: 'a bug in the check' }] })
  })
})
