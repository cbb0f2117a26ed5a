import type { RunBeside } from '../app/handed-in/hand-in.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import type { ConductOptions } from './options.ts'
import { err } from './terminal.ts'
import { whyNotJoin } from './why-not-join.ts'
import { handInAll, type Asked } from './wish-options.ts'

/*
 * `tutti resume` where a conductor works already: it ends a pause.
 */

type Options = ConductOptions & { retryNow?: boolean; by: string }

/** @param reference the run that is conducted, or a task of it; the run where absent */
export function resumeElsewhere(reference: string | undefined, options: Options): Promise<ExitCode> {
  const contradiction = whyNotJoin(options)
  if (contradiction !== undefined) {
    err(`error: ${contradiction}`)
    return Promise.resolve(EXIT.invalid)
  }
  const { workspace, by, json, retryNow } = options
  return handInAll({ workspace, by, ...(json === undefined ? {} : { json }) }, (run) => (retryNow === true ? [{ task: undefined, wish: { type: 'retry-now' } }] : [goOn(run, reference)]))
}

function goOn({ folder, state, conductor }: RunBeside, reference: string | undefined): Asked {
  if (reference !== undefined && state.tasks.has(reference)) return { task: reference, wish: { type: 'unpause', task: reference } }
  if (reference !== undefined && !folder.id.startsWith(reference) && !folder.id.endsWith(reference) && reference !== 'last') {
    return { task: undefined, problem: `run ${folder.id} is conducted here, and has no task "${reference}"; another run can be taken up once that has been left: tutti stop` }
  }
  if (conductor !== 'there') return { task: undefined, problem: 'a conductor works here and has no run open; tutti stop ends it, and then a run can be taken up' }
  if (state.paused === undefined) return { task: undefined, problem: `run ${folder.id} is conducted already, and is not paused; tutti attach shows it` }
  return { task: undefined, wish: { type: 'unpause' } }
}
