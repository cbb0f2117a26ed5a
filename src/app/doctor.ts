import { access, constants } from 'node:fs/promises'
import { execa } from 'execa'
import { errorCode, errorMessage } from '../core/error.ts'
import type { Health } from '../providers/provider.ts'
import { conductorOf } from './lock.ts'
import { createProviders } from './providers.ts'
import type { Workspace } from './workspace.ts'

/** One thing that was looked at. */
export type Finding = { what: string; state: Health['state'] | 'absent'; detail: string }

export type Diagnosis = { providers: Finding[]; agents: Finding[]; keys: Finding[]; folders: Finding[] }

/** Agent CLIs that tasks can be given to, or will be. */
const AGENTS = ['claude', 'codex', 'gemini', 'opencode', 'qwen']
const LOOK_MS = 3_000

/** Looks at everything a run would need, all at once, for at most a few seconds. */
export async function diagnose(workspace: Workspace): Promise<Diagnosis> {
  const [providers, agents, folders] = await Promise.all([
    Promise.all(providersInUse(workspace).map((name) => lookAtProvider(workspace, name))),
    Promise.all(AGENTS.map(lookAtAgent)),
    Promise.all([workspace.tasks, workspace.runs].map(lookAtFolder)),
  ])
  const pid = await conductorOf(workspace)
  if (pid !== undefined) folders.push({ what: 'conductor', state: 'ready', detail: `process ${pid} works in this workspace` })
  return { providers, agents, folders, keys: lookAtKeys(workspace) }
}

/** The configured ones, and of the built-in ones those that need nothing but themselves, and Ollama. */
function providersInUse({ config }: Workspace): string[] {
  return [...new Set([...Object.keys(config.providers), 'ollama', 'command', 'rehearsal'])]
}

async function lookAtProvider(workspace: Workspace, name: string): Promise<Finding> {
  const provider = await createProviders(workspace)(name)
  const health = await provider.health(AbortSignal.timeout(LOOK_MS))
  const type = workspace.providers[name]?.type
  return { what: type === name ? name : `${name} (${type})`, state: health.state, detail: workspace.redactor.text(health.detail) }
}

async function lookAtAgent(program: string): Promise<Finding> {
  const { exitCode, stdout } = await execa(program, ['--version'], { reject: false, timeout: LOOK_MS, stdin: 'ignore' })
  const version = stdout?.split('\n')[0] ?? ''
  return exitCode === 0 ? { what: program, state: 'ready', detail: version } : { what: program, state: 'absent', detail: 'not installed' }
}

/** Which of the variables that the configuration refers to are set; never what they hold. */
function lookAtKeys({ config, unset, secretNames }: Workspace): Finding[] {
  const missing = Object.keys(config.providers).flatMap((provider) => (unset.get(provider) ?? []).map((name) => ({ name, provider })))
  return [
    ...secretNames.map((name): Finding => ({ what: name, state: 'ready', detail: 'set' })),
    ...missing.map(({ name, provider }): Finding => ({ what: name, state: 'misconfigured', detail: `not set; providers.${provider} refers to it` })),
  ]
}

async function lookAtFolder(path: string): Promise<Finding> {
  try {
    await access(path, constants.W_OK)
    return { what: path, state: 'ready', detail: 'writable' }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { what: path, state: 'absent', detail: 'not there yet; it is made when it is needed' }
    return { what: path, state: 'misconfigured', detail: `not writable: ${errorMessage(error)}` }
  }
}
