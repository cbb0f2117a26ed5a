import type { Command } from 'commander'
import type { LoadedPlan } from '../../app/plans.ts'
import { pricesOfTasks } from '../../app/prices.ts'
import { reachConductor } from '../../app/handed-in/reach-conductor.ts'
import { startRun } from '../../app/run.ts'
import type { Workspace } from '../../app/workspace.ts'
import { priceKey } from '../../core/price.ts'
import { chooseRoute } from '../../core/route.ts'
import { routeText } from '../../core/views/event-line.ts'
import { graphNodes } from '../../core/views/graph.ts'
import { priceText } from '../../core/views/price-text.ts'
import { plural } from '../../core/units.ts'
import { conductAlone } from '../as-conductor.ts'
import type { Doors } from '../command.ts'
import { conductRun } from '../conduct-run.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { faceFor } from '../face.ts'
import { loadToRun } from '../load-checked.ts'
import { choicesOf, withConductOptions, withParams, workspaceOf, type ConductOptions } from '../options.ts'
import { userName } from '../user-name.ts'
import { whyNotJoin } from '../why-not-join.ts'
import { outRows } from '../rows.ts'
import { err, outJson } from '../terminal.ts'

type Options = ConductOptions & { dryRun?: boolean }

export function define(command: Command, exit: (code: ExitCode) => void, doors: Doors): void {
  withParams(withConductOptions(command))
    .argument('<path...>', 'task files, or folders of them')
    .option('--dry-run', 'show what would run and where, and run nothing')
    .addHelpText('after', '\nWhere a conductor works already, it takes the files, and this follows it until they are done.')
    .action(async (paths: string[], options: Options) => exit(await run(paths, options, doors)))
}

async function run(paths: readonly string[], options: Options, doors: Doors): Promise<ExitCode> {
  const workspace = await workspaceOf(options, choicesOf(options))
  if (workspace === undefined) return EXIT.invalid
  const reached = options.dryRun === true ? undefined : await reachConductor(workspace, { by: userName(), door: 'cli' })
  // One that does not answer is complained about below.
  if (reached !== undefined && !('problem' in reached)) {
    const contradiction = whyNotJoin(options)
    if (contradiction === undefined) return (await import('../hand-over.ts')).handOver(workspace, reached, paths, faceFor(options, doors))
    err(`error: ${contradiction}`)
    return EXIT.invalid
  }
  const checked = await loadToRun(workspace, paths, options.param ?? {})
  if (checked === undefined) return EXIT.invalid
  const { loaded } = checked
  if (options.dryRun === true) return preview(workspace, loaded, options.json === true)

  const face = faceFor(options, doors)
  return conductAlone(workspace, () => conductRun(face, workspace, (chosen, listeners) => startRun(chosen, loaded, listeners), { doors, listen: options.listen }))
}

async function preview(workspace: Workspace, { plan }: LoadedPlan, json: boolean): Promise<ExitCode> {
  const { settings } = workspace
  const prices = new Map((await pricesOfTasks(workspace, plan.tasks)).map((route) => [priceKey(route), route.price]))
  const specs = new Map(plan.tasks.map((spec) => [spec.id, spec]))
  const tasks = graphNodes(plan.tasks).flatMap((node) => {
    const spec = specs.get(node.id)
    if (spec === undefined) return []
    const route = chooseRoute(spec, settings)
    const price = 'problem' in route ? undefined : prices.get(priceKey(route))
    return [{ ...node, route, price: price ?? null }]
  })
  if (json) {
    outJson({ tasks }, 2)
    return EXIT.done
  }
  const rows = tasks.map(({ id, layer, depends_on, route, price }) => {
    const cost = price === null ? 'its price is not known' : priceText(price)
    const where = 'problem' in route ? route.problem : `${routeText(route, settings)} — ${route.reason} — ${cost}`
    return { cells: [`${layer}`, id, `${depends_on.length === 0 ? '' : `← ${depends_on.join(', ')}: `}${where}`] }
  })
  outRows(rows, 0)
  err(`${plural(rows.length, 'task')}; nothing was run`)
  return EXIT.done
}
