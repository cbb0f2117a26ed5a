import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import type { Subject } from '../../src/checks/check.ts'
import { runChecks } from '../../src/checks/registry.ts'
import type { CheckRow } from '../../src/core/outcome.ts'
import type { CheckSpec } from '../../src/core/task.ts'

/** Checks as a task states them, held against an answer whose output folder is fresh for each test. */
export function useChecks() {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'checks-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  return {
    folder: () => folder,
    check: (
      checks: Readonly<Record<string, CheckSpec['value']>>,
      subject: Partial<Subject> = {},
      secrets: readonly string[] = [],
    ): Promise<CheckRow[]> =>
      runChecks(
        Object.entries(checks).map(([rule, value]) => ({ rule, value })),
        { text: '', folder, cwd: folder, refused: [], env: {}, signal: new AbortController().signal, ...subject },
        secrets,
      ),
  }
}
