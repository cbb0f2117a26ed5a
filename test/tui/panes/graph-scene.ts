import type { ShownRun } from '../../../src/app/screen.ts'
import type { DrawnNode } from '../../../src/core/drawing/vertices.ts'
import type { Price } from '../../../src/core/price.ts'
import { possibleRoutes } from '../../../src/core/route.ts'
import type { TaskSpec } from '../../../src/core/task.ts'
import type { Glance } from '../../../src/tui/glance.ts'
import { keymapOf } from '../../../src/tui/keymap.ts'
import { layoutOf, type Size } from '../../../src/tui/layout.ts'
import { textOf } from '../../../src/tui/lines/fit.ts'
import { graphModel } from '../../../src/tui/models/graph.ts'
import type { Models } from '../../../src/tui/models/models.ts'
import { graphPane } from '../../../src/tui/panes/graph.ts'
import type { PaneView } from '../../../src/tui/panes/pane.ts'
import { FIRST_UI, type Ui } from '../../../src/tui/ui.ts'
import { ANSWERED, conductor } from '../../core/conductor.ts'
import { plan, settings, task } from '../../core/specs.ts'

const GIVEN = { providers: { claude: { type: 'anthropic' as const, model: 'sonnet' }, command: { type: 'command' as const } }, default_provider: 'claude' }
const PRICE: Price = { kind: 'tokens', tariff: { rates: { input_per_mtok: 3, output_per_mtok: 15 } }, source: 'config' }

/** A run with its graph, as the screen gets it. */
export function graphScene(nodes: readonly Pick<DrawnNode, 'id' | 'depends_on'>[], more: Readonly<Record<string, Partial<TaskSpec>>> = {}, max_concurrent = 3) {
  const given = { ...GIVEN, max_concurrent }
  const specs = nodes.map(({ id, depends_on }) => task(id, { depends_on: [...depends_on], ...more[id] }))
  const all = plan(...specs)
  const run = conductor(given, specs.flatMap((spec) => possibleRoutes(spec, settings(given))).map((route) => ({ ...route, price: PRICE })))
  if (specs.length > 0) run.add(all)
  const shown: ShownRun = {
    folder: { id: 'r', path: 'runs/r' } as ShownRun['folder'],
    path: 'runs/r',
    is: 'live',
    get state() {
      return run.state
    },
    subscribe: () => () => {},
    send: () => Promise.resolve(undefined),
    now: () => Date.parse(run.now()),
  }
  const graph = graphModel(shown)
  let told = run.log.length
  const touch = () => {
    for (const event of run.log.slice(told)) graph.touch(event, run.state)
    told = run.log.length
  }
  const glance = (ui: Partial<Ui> = {}, size: Size = { width: 120, height: 40 }): Glance => {
    touch()
    const given = { ...FIRST_UI, ...ui, selected: ui.selected ?? [...run.state.tasks.keys()][0] }
    return { ui: given, layout: layoutOf(given, size), project: 'p', run: shown, isAside: false, models: { graph } as unknown as Models, keymap: keymapOf(), now: shown.now(), waiting: 'watching tasks/' }
  }
  return {
    run,
    graph,
    glance,
    pane: (room: Size, ui: Partial<Ui> = {}): PaneView => graphPane(glance(ui), room),
    /** What the pane shows, line by line. */
    lines: (room: Size, ui: Partial<Ui> = {}): string[] => graphPane(glance(ui), room).lines.map((line) => textOf(line).trimEnd()),
    /** Starts what can start and ends it, until these have ended. */
    finish: (...ids: string[]) => {
      const open = new Set(ids)
      while (open.size > 0) {
        run.next()
        run.pass(21_000)
        const ended = [...open].filter((id) => run.status(id) === 'running')
        if (ended.length === 0) throw new Error(`${[...open].join()} cannot run yet`)
        for (const id of ended) {
          run.end(id, { ...ANSWERED, usage: { input: 12_000, output: 9_000 } })
          open.delete(id)
        }
      }
      run.next()
    },
  }
}
