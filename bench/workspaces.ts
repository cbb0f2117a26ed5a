import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AppRunTold } from './contracts.ts'
import type { Bench } from './row.ts'

/** Runs tasks through the whole application, in a workspace of their own. @param expected how many of them can be done */
export async function runPlan(bench: Bench, config: object, tasks: readonly object[], expected: number): Promise<AppRunTold> {
  const dir = await bench.folder()
  await writeFile(join(dir, 'config.json'), JSON.stringify(config))
  await writeFile(join(dir, 'plan.json'), JSON.stringify({ tasks }))
  return bench.program('app-run', { dir, plan: 'plan.json', expected })
}
