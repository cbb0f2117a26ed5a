import { resolve } from 'node:path'
import type { Dependency } from '../core/commands.ts'
import type { TaskSpec } from '../core/task.ts'
import type { Adapters } from './adapters.ts'

/** Every process of a run carries the run's folder in this variable of its environment. */
export const RUN_VARIABLE = 'TUTTI_RUN_DIR'

/** How a command learns about its run: `TUTTI_…` names only, so that nothing of its own is hidden. */
export function environmentOf(spec: TaskSpec, dependencies: readonly Dependency[], adapters: Adapters, comments: readonly string[] = []): Record<string, string> {
  const variable = (prefix: string, name: string) => `${prefix}_${name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`
  return {
    TUTTI_TASK: spec.id,
    [RUN_VARIABLE]: adapters.runFolder,
    TUTTI_OUTPUT_DIR: adapters.outputs.folder(spec.id),
    // What a person said who sent it back.
    ...(comments.length === 0 ? {} : { TUTTI_REVIEW: comments.join('\n') }),
    ...Object.fromEntries(Object.entries(spec.params).map(([name, value]) => [variable('TUTTI_PARAM', name), value])),
    ...Object.fromEntries(
      dependencies.flatMap(({ id, output }) =>
        output === undefined ? [] : [[variable('TUTTI_RESULT', id), resolve(adapters.runFolder, output.path)]],
      ),
    ),
  }
}
