import { lstat, mkdir, readFile, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { errorCode } from '../../core/error.ts'
import type { Problem } from '../../core/problem.ts'
import { writeWithin } from '../../files/write-within.ts'
import { looksLikeTaskFile } from '../../tasks/parse-task-file.ts'
import type { Workspace } from '../workspace.ts'

/** A task file that somebody sends. */
export type SentFile = { name: string; content: string }

/** Files that lie in `tasks/pending/` now. */
export type Dropped = {
  /** Absolute. */
  paths: string[]
  /** Takes back what was not there before: it was refused. */
  takeBack: () => Promise<void>
}

/** One step, no folder: what is sent lies where files are dropped, and nowhere else. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._ -]{0,99}$/u

/**
 * Puts task files that somebody sends where dropped files lie. All of them or none; nothing that lies there is written
 * over. The same file sent twice lies there once.
 */
export async function dropFiles(workspace: Workspace, files: readonly SentFile[]): Promise<Dropped | { problems: Problem[] }> {
  const root = join(workspace.tasks, 'pending')
  const problems = files.flatMap(({ name }) => {
    const message = whyNoName(name)
    return message === undefined ? [] : [{ file: name, message }]
  })
  if (new Set(files.map(({ name }) => name.toLowerCase())).size < files.length) problems.push({ file: 'tasks/pending', message: 'two of the files have the same name' })
  for (const { name, content } of problems.length > 0 ? [] : files) {
    const taken = await isTaken(join(root, name), content)
    if (taken) problems.push({ file: `tasks/pending/${name}`, message: 'another file of this name lies there; give this one another name' })
  }
  if (problems.length > 0) return { problems }

  const paths: string[] = []
  const written: string[] = []
  const takeBack = async () => {
    for (const path of written) await rm(path, { force: true })
  }
  await mkdir(root, { recursive: true })
  for (const { name, content } of files) {
    const result = await writeWithin(root, name, content)
    if (result.result === 'refused') {
      await takeBack()
      return { problems: [{ file: `tasks/pending/${name}`, message: `is not written: ${result.reason}` }] }
    }
    paths.push(join(root, name))
    if (result.written === 'new') written.push(join(root, name))
  }
  return { paths, takeBack }
}

/** A task file in `tasks/` that a person names from afar. */
export function taskFileNamed(workspace: Workspace, name: string): { path: string } | { problem: Problem } {
  const within = name.replace(/^tasks\//, '')
  const steps = within.split('/')
  const message = steps.map(whyNoStep).find((why) => why !== undefined) ?? whyNoName(steps.at(-1) ?? '')
  return message === undefined ? { path: join(workspace.tasks, ...steps) } : { problem: { file: name, message } }
}

/** Problems as they are told to somebody elsewhere: places in the workspace, none of the machine. */
export function seenFromAfar({ dir }: Workspace, problems: readonly Problem[]): Problem[] {
  const near = (text: string) => text.replaceAll(`${dir}/`, '').replaceAll(dir, '.')
  return problems.map((problem) => ({ ...problem, file: problem.file.startsWith(dir) ? relative(dir, problem.file) : near(problem.file), message: near(problem.message) }))
}

function whyNoStep(step: string): string | undefined {
  return NAME.test(step) ? undefined : 'is no name for a task file: letters, digits, " ", ".", "_" and "-", at most 100, beginning with a letter or digit'
}

function whyNoName(name: string): string | undefined {
  return whyNoStep(name) ?? (looksLikeTaskFile(name) ? undefined : 'is no task file: its name has to end in .md, .yaml, .yml or .json')
}

async function isTaken(path: string, content: string): Promise<boolean> {
  try {
    return !(await lstat(path)).isFile() || (await readFile(path, 'utf8')) !== content
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
}
