import type { Command } from 'commander'
import { openAccess, type UserEntry } from '../../app/access.ts'
import { formatTime, plural } from '../../core/units.ts'
import { askPassword } from '../ask-password.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { withAccessOptions, withSharedWorkspace, workspaceToLookAt, type AccessOptions, type WorkspaceOptions } from '../options.ts'
import { tableLines } from '../table.ts'
import { errWrapped, out, outJson, outWrapped, widthOf } from '../terminal.ts'

type ListOptions = WorkspaceOptions & { json?: boolean }

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withSharedWorkspace(command)
  withAccessOptions(command.command('add'))
    .description('let somebody log in with a password, which is asked for or read from stdin')
    .argument('<name>', 'the name to log in with')
    .addHelpText('after', '\nWhere stdin is no terminal, its first line is the password: tutti user add ana --role operator < password.txt')
    .action(async (name: string, _: unknown, called: Command) => exit(await add(name, called.optsWithGlobals<AccessOptions>())))
  command
    .command('list')
    .description('show who may log in')
    .option('--json', 'print it as JSON')
    .action(async (_: unknown, called: Command) => exit(await list(called.optsWithGlobals<ListOptions>())))
  command
    .command('remove')
    .description('let somebody log in no more, and end what they came in by')
    .argument('<name>', 'the name')
    .action(async (name: string, _: unknown, called: Command) => exit(await remove(name, called.optsWithGlobals<WorkspaceOptions>())))
}

async function add(name: string, { role, project, ...options }: AccessOptions): Promise<ExitCode> {
  const workspace = await workspaceToLookAt(options)
  if (workspace === undefined) return EXIT.invalid
  const access = openAccess(workspace)
  // Nobody should think of a password first, and be told after it.
  const inTheWay = await access.whyNoUser(name)
  if (inTheWay !== undefined) return refuse(inTheWay)
  const asked = await askPassword(`password of ${name}`)
  if (asked.result === 'left') return EXIT.sigint
  if (asked.result === 'different') return refuse('the two were not the same; nobody was added')
  const done = await access.addUser({ name, role, projects: project, password: asked.password })
  if ('problem' in done) return refuse(done.problem)
  outWrapped(`${done.user.name} may log in (${role}${project === undefined ? '' : `, in ${project.join(', ')}`})`)
  return EXIT.done
}

function refuse(problem: string): ExitCode {
  errWrapped(`error: ${problem}`)
  return EXIT.invalid
}

async function list({ json, ...options }: ListOptions): Promise<ExitCode> {
  const workspace = await workspaceToLookAt(options)
  if (workspace === undefined) return EXIT.invalid
  const users = await openAccess(workspace).users()
  if (json === true) outJson(users.map(({ name, role, projects, created_at }) => ({ name, role, projects: projects ?? null, created_at })), 2)
  else if (users.length === 0) out('nobody may log in; to let somebody: tutti user add NAME --role operator')
  else tableLines(HEAD, users.map(cells), 1, widthOf(process.stdout)).forEach((line) => out(line))
  return EXIT.done
}

const HEAD = ['name', 'role', 'projects', 'since']

function cells({ name, role, projects = [], created_at }: UserEntry): string[] {
  return [name, role, projects.length === 0 ? 'all' : projects.join(' '), formatTime(created_at)]
}

async function remove(name: string, options: WorkspaceOptions): Promise<ExitCode> {
  const workspace = await workspaceToLookAt(options)
  if (workspace === undefined) return EXIT.invalid
  const revoked = await openAccess(workspace).removeUser(name)
  if (revoked === undefined) return refuse(`there is no user "${name}"; those that there are: tutti user list`)
  outWrapped(`${name} may log in no more${revoked === 0 ? '' : `; revoked with it: ${plural(revoked, 'token or login')}`}`)
  return EXIT.done
}
