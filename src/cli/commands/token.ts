import { Option, type Command } from 'commander'
import { openAccess, type Grant } from '../../app/access.ts'
import { formatTime } from '../../core/units.ts'
import { duration } from '../duration.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { withAccessOptions, withSharedWorkspace, workspaceToLookAt, type AccessOptions, type WorkspaceOptions } from '../options.ts'
import { tableLines } from '../table.ts'
import { errWrapped, out, outJson, outWrapped, widthOf } from '../terminal.ts'
import { userName } from '../user-name.ts'

type ListOptions = WorkspaceOptions & { json?: boolean }
type CreateOptions = AccessOptions & { ttl: number; name?: string; json?: boolean }

const HOURS_12 = 12 * 60 * 60_000

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withSharedWorkspace(command)
  withAccessOptions(command.command('create'))
    .description('make a token, and print it: it is shown this once, and not kept')
    .addOption(new Option('--ttl <time>', 'how long it holds: 30m, 12h, 7d').argParser(duration).default(HOURS_12, '12h'))
    .option('--name <who>', 'who does what is done with it; your user name, where absent')
    .option('--json', 'print it as JSON, with what it allows')
    .addHelpText('after', '\nTOKEN=$(tutti token create --role operator --ttl 8h)\ncurl -H "Authorization: Bearer $TOKEN" …')
    .action(async (_: unknown, called: Command) => exit(await create(called.optsWithGlobals<CreateOptions>())))
  command
    .command('list')
    .description('show who may come in: tokens, and those who have logged in')
    .option('--json', 'print it as JSON')
    .action(async (_: unknown, called: Command) => exit(await list(called.optsWithGlobals<ListOptions>())))
  command
    .command('revoke')
    .description('end a token or a login now')
    .argument('<id>', 'its id, or the beginning of it (see: tutti token list)')
    .action(async (id: string, _: unknown, called: Command) => exit(await revoke(id, called.optsWithGlobals<WorkspaceOptions>())))
}

async function create({ role, project, ttl, name, json, ...options }: CreateOptions): Promise<ExitCode> {
  const workspace = await workspaceToLookAt(options)
  if (workspace === undefined) return EXIT.invalid
  const made = await openAccess(workspace).issueToken({ who: name ?? userName(), role, projects: project, ttl_ms: ttl })
  if ('problem' in made) {
    errWrapped(`error: ${made.problem}`)
    return EXIT.invalid
  }
  const { token, grant } = made
  if (json === true) outJson({ token, ...shown(grant) }, 2)
  else {
    out(token)
    errWrapped(`${said(grant)}, holds until ${formatTime(grant.expires_at)}; to end it before: tutti token revoke ${grant.id}`)
  }
  return EXIT.done
}

async function list({ json, ...options }: ListOptions): Promise<ExitCode> {
  const workspace = await workspaceToLookAt(options)
  if (workspace === undefined) return EXIT.invalid
  const grants = await openAccess(workspace).tokens()
  if (json === true) outJson(grants.map(shown), 2)
  else if (grants.length === 0) out('nobody may come in over the network: there are no tokens (to make one: tutti token create), and nobody has logged in')
  else tableLines(HEAD, grants.map(cells), 2, widthOf(process.stdout)).forEach((line) => out(line))
  return EXIT.done
}

const HEAD = ['id', 'who', 'kind', 'role', 'projects', 'issued', 'holds until', '']

function cells({ id, who, kind, role, projects = [], issued_at, expires_at, revoked_at }: Grant): string[] {
  return [id, who, kind, role, projects.length === 0 ? 'all' : projects.join(' '), formatTime(issued_at), formatTime(expires_at), revoked_at === null ? '' : 'revoked']
}

/** As JSON: every key is there in every one. */
function shown({ id, kind, who, role, projects = [], issued_at, expires_at, revoked_at }: Grant) {
  return { id, kind, who, role, projects: projects.length === 0 ? null : projects, issued_at, expires_at, revoked_at }
}

async function revoke(id: string, options: WorkspaceOptions): Promise<ExitCode> {
  const workspace = await workspaceToLookAt(options)
  if (workspace === undefined) return EXIT.invalid
  const done = await openAccess(workspace).revokeToken(id)
  switch (done.result) {
    case 'revoked':
      outWrapped(`revoked: ${said(done.grant)}`)
      return EXIT.done
    case 'revoked before':
      outWrapped(`${said(done.grant)} was revoked already`)
      return EXIT.done
    case 'unknown':
      errWrapped(`error: there is no token or login "${id}" that still holds; those that do: tutti token list`)
      return EXIT.invalid
    case 'ambiguous':
      errWrapped(`error: "${id}" could be ${done.ids.join(' or ')}; give more of it`)
      return EXIT.invalid
  }
}

/** What it is, in words: `token 1f2e… of ana (operator, in notes)`. */
function said({ kind, id, who, role, projects }: Grant): string {
  return `${kind} ${id} of ${who} (${role}${projects === undefined ? '' : `, in ${projects.join(', ')}`})`
}
