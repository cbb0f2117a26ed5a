import { Option, type Command } from 'commander'
import { drawGraph, GRAPH_FORMATS, graphNodes, type GraphFormat } from '../../core/views/graph.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { loadChecked } from '../load-checked.ts'
import { withWorkspace, workspaceOf, type WorkspaceOptions } from '../options.ts'
import { out } from '../terminal.ts'

type Options = WorkspaceOptions & { format: GraphFormat }

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withWorkspace(command)
    .argument('<path...>', 'task files, or folders of them')
    .addOption(new Option('--format <format>', 'how to draw it').choices(GRAPH_FORMATS).default('text'))
    .addHelpText('after', '\nIn the text form, what stands in one layer can run at once; * marks the critical path.')
    .action(async (paths: string[], options: Options) => exit(await graph(paths, options)))
}

async function graph(paths: readonly string[], options: Options): Promise<ExitCode> {
  const workspace = await workspaceOf(options)
  const loaded = workspace === undefined ? undefined : await loadChecked(workspace, paths, {})
  if (loaded === undefined) return EXIT.invalid
  out(drawGraph(graphNodes(loaded.plan.tasks), options.format))
  return EXIT.done
}
