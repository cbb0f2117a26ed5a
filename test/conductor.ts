import { createConductor, type Conductor, type StopHow } from '../src/app/conductor.ts'
import { reopenRun } from '../src/app/reopen.ts'
import { startRun, type Run } from '../src/app/run.ts'
import { validateHere } from '../src/app/validate.ts'
import type { Workspace } from '../src/app/workspace.ts'

/** A conductor with real runs, one after the other, and no face. */
export function facelessConductor(workspace: Workspace, stop: (how: StopHow, by: string) => void): Conductor & { began: (run: Run) => void } {
  const conductor = createConductor({
    workspace,
    stop,
    reopen: async (run, intent) => {
      conductor.began(await reopenRun(workspace, run, intent, []))
      return undefined
    },
    open: async (loaded) => {
      const problems = validateHere(workspace, loaded.plan)
      if (problems.length > 0) return { problems, later: false }
      await conductor.run?.finished
      conductor.began(await startRun(workspace, loaded, []))
      return undefined
    },
  })
  return conductor
}
