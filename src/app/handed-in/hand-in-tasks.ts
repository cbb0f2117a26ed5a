import { randomUUID } from 'node:crypto'
import { basename, resolve } from 'node:path'
import { Done } from '../../control/protocol.ts'
import type { Event } from '../../core/events.ts'
import type { Problem } from '../../core/problem.ts'
import { dropFiles } from '../dropped/drop-files.ts'
import type { LoadedPlan } from '../plans.ts'
import type { ControlClient } from './reach-conductor.ts'
import type { Workspace } from '../workspace.ts'

/** Hands task files to a conductor. @param paths as a person gave them */
export async function handInTasks(client: ControlClient, paths: readonly string[]): Promise<{ events: readonly Event[] } | { problems: Problem[] }> {
  const said = await client.post('/v1/tasks', { paths: paths.map((path) => resolve(path)) }, Done, randomUUID())
  switch (said.said) {
    case 'yes':
      return { events: said.value.events }
    case 'no':
      return { problems: said.error.problems ?? [{ file: paths.join(', '), message: said.error.message }] }
    case 'nothing':
      return { problems: [{ file: paths.join(', '), message: `${said.problem}; whether it was taken is told by: tutti status` }] }
  }
}

/**
 * Puts task files where the next conductor that watches finds them.
 * @returns their places, relative to the workspace; also of those that lay there before
 */
export async function dropTasks(workspace: Workspace, { plan, contents }: LoadedPlan): Promise<{ files: string[] } | { problems: Problem[] }> {
  const there = plan.files.filter(({ inbox }) => inbox).map(({ file }) => file)
  const others = plan.files.filter(({ inbox }) => !inbox)
  const sent = others.map(({ file }) => ({ name: basename(file), content: Buffer.from(contents.get(file) ?? []).toString('utf8') }))
  const dropped = sent.length === 0 ? { paths: [] } : await dropFiles(workspace, sent)
  if ('problems' in dropped) return dropped
  return { files: [...there, ...dropped.paths.map((path) => `tasks/pending/${basename(path)}`)] }
}
