import { resolve } from 'node:path'
import type { Command } from '../core/commands.ts'
import { declaredFiles } from '../core/declared-files.ts'
import { errorMessage } from '../core/error.ts'
import type { CheckRow } from '../core/outcome.ts'
import { oneLine } from '../core/sanitize.ts'
import type { Adapters } from './adapters.ts'
import { environmentOf } from './environment.ts'

export type CheckCommand = Extract<Command, { type: 'check' }>

/** Holds an answer against what its task asks for. A check that breaks is a check that is not met. */
export async function checkAnswer(command: CheckCommand, adapters: Adapters, signal: AbortSignal): Promise<CheckRow[]> {
  const rows = await rowsOf(command, adapters, signal).catch((error: unknown): CheckRow[] => [
    { rule: 'check', expected: 'checks that come to an end', found: oneLine(errorMessage(error), 200), passed: false },
  ])
  return rows.map((row) => ({ ...row, found: adapters.redactor.text(row.found) }))
}

async function rowsOf({ spec, output, files, refused }: CheckCommand, adapters: Adapters, signal: AbortSignal): Promise<CheckRow[]> {
  const folder = adapters.outputs.folder(spec.id)
  const text = output === undefined ? '' : await adapters.outputs.read(output.path)
  const isCommand = spec.work.kind === 'command'
  const declared = isCommand && spec.outputs.length > 0 ? [{ rule: 'files', value: spec.outputs }] : []
  const rows = await adapters.runChecks([...spec.checks, ...declared], {
    text,
    folder,
    cwd: spec.cwd === undefined ? folder : resolve(adapters.workspace, spec.cwd),
    refused,
    env: environmentOf(spec, [], adapters),
    signal,
  })
  return isCommand ? rows : [...rows, ...declaredFiles(spec, files)]
}
