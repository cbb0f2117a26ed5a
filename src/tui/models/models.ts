import type { ShownRun } from '../../app/screen.ts'
import type { Workspace } from '../../app/workspace.ts'
import { graphModel, type GraphModel } from './graph.ts'
import { logModel, type LogModel } from './log.ts'
import { createLookups, type Lookups } from './lookups.ts'
import { createOverviews, type Overviews } from './overviews.ts'
import { queueModel, type QueueModel } from './queue.ts'
import { totalsOf, type Totals } from './totals.ts'

/** What is kept in step with the run that is shown, so that a frame costs only what it shows. */
export type Models = {
  queue: QueueModel
  totals: Totals
  graph: GraphModel
  log: LogModel
  /** What pages read from disk. */
  lookups: Lookups
  /** What is told of all tasks together. */
  overviews: Overviews
  close: () => void
}

/**
 * The models of a run; of none, where there is none yet.
 * @param changed is called when something came that no event of the run tells of: a log, a file
 */
export function modelsOf(workspace: Workspace, run: ShownRun | undefined, changed: () => void): Models {
  const queue = queueModel(run)
  const totals = totalsOf(run)
  const graph = graphModel(run)
  const log = logModel(run, changed)
  const lookups = createLookups(workspace, run, changed)
  const overviews = createOverviews(run, changed)
  const unsubscribe = run?.subscribe((event, state) => {
    queue.touch(event, state)
    totals.touch(event, state)
    graph.touch(event, state)
    log.touch(event, state)
    lookups.touch(event)
  })
  return {
    queue,
    totals,
    graph,
    log,
    lookups,
    overviews,
    close: () => {
      unsubscribe?.()
      log.close()
      overviews.close()
    },
  }
}
