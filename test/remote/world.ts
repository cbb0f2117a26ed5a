import { request, type IncomingHttpHeaders } from 'node:http'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Conductor } from '../../src/app/conductor.ts'
import type { Control, ControlOptions, Gatekeeper } from '../../src/app/control-door.ts'
import type { Caller } from '../../src/core/caller.ts'
import type { Run } from '../../src/app/run.ts'
import { openWorkspace, type Workspace } from '../../src/app/workspace.ts'
import { openControl } from '../../src/remote/open-control.ts'
import { facelessConductor } from '../conductor.ts'
import { tempDir } from '../temp-dir.ts'

export const WAIT = { timeout: 15_000, interval: 10 }
/** Runs until the file `go` is there. */
export const BLOCKED = '"until test -e go; do sleep 0.02; done"'
export const SECRET = 'a-secret-of-the-webhook-door'

/** A conductor with real runs, one after the other. */
export type TestConductor = Conductor & {
  begin: (plan: string) => Promise<Run>
  stopped: { how: string; by: string }[]
}

export async function aConductor(config: object = {}, dir?: string): Promise<TestConductor> {
  const at = dir ?? (await tempDir())
  await mkdir(join(at, 'runs'), { recursive: true })
  await writeFile(join(at, 'config.json'), JSON.stringify(config))
  const workspace = await openWorkspace(at, {}, { ...process.env, WEBHOOK_SECRET: SECRET })
  if ('problems' in workspace) throw new Error(JSON.stringify(workspace.problems))
  return conductorOf({ ...workspace, settings: { ...workspace.settings, when_held: 'stay' } })
}

function conductorOf(workspace: Workspace): TestConductor {
  const stopped: TestConductor['stopped'] = []
  let plans = 1
  const conductor = facelessConductor(workspace, (how, by) => void stopped.push({ how, by }))
  conductor.onRun((run) =>
    onTestFinished(async () => {
      await run.handle.send({ type: 'stop', reason: 'the test is over' })
      await run.finished
    }),
  )
  return Object.assign(conductor, {
    stopped,
    begin: async (plan: string) => {
      const path = join(workspace.dir, `plan-${plans++}.${plan.startsWith('{') ? 'json' : 'yaml'}`)
      await writeFile(path, plan)
      const { refusal } = await conductor.add([path])
      if (refusal !== undefined || conductor.run === undefined) throw new Error(JSON.stringify(refusal))
      return conductor.run
    },
  })
}

/** Everybody who names one of these is let in. @param webhooks how many are taken from an address */
export function aGatekeeper(callers: Record<string, Caller> = {}, webhooks = 100): Gatekeeper & { revoked: Set<string> } {
  const revoked = new Set<string>()
  let counted = 0
  const token = { token: 't', expires_at: '2026-11-20T12:00:00.000Z' }
  return {
    revoked,
    authenticate: async ({ authorization }) => {
      const name = authorization?.replace('Bearer ', '') ?? ''
      return (revoked.has(name) ? undefined : callers[name]) ?? { status: 401, code: 'missing', message: 'send a token' }
    },
    login: async ({ password }) => (password === 'right' ? { access: token, refresh: token } : { status: 429, code: 'locked_out', message: 'wait', wait_s: 7 }),
    refresh: async () => ({ status: 401, code: 'expired', message: 'log in again' }),
    limit: (_, what) => (what === 'webhook' && ++counted > webhooks ? { status: 429, code: 'too_many_requests', message: 'wait', wait_s: 60 } : undefined),
  }
}

export async function doorsTo(conductor: Conductor, options: ControlOptions = {}): Promise<Control> {
  const control = await openControl(conductor, options)
  onTestFinished(() => control.close())
  return control
}

/** The body as JSON, where it is that: tests say what they expect of it. */
// oxlint-disable-next-line typescript/no-explicit-any -- a shape for each of them would be tested, and not the answer
export type Answer = { status: number; headers: IncomingHttpHeaders; text: string; json: any }

/** One request, to a Unix socket's path or an address. */
export function asked(at: string, path: string, { method = 'GET', body, headers = {} }: { method?: string; body?: unknown; headers?: Record<string, string> } = {}): Promise<Answer> {
  const content = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
  const where = at.startsWith('http') ? { host: new URL(at).hostname, port: new URL(at).port } : { socketPath: at }
  const own: Record<string, string> = content === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(content)) }
  return new Promise((resolve, reject) => {
    const asking = request({ ...where, method, path, agent: false, headers: { ...own, ...headers } }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (piece: string) => (text += piece))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json: parsed(text) }))
      answer.on('error', reject)
    })
    asking.on('error', reject)
    asking.end(content)
  })
}

export const post = (at: string, path: string, body: unknown = {}, headers: Record<string, string> = {}) => asked(at, path, { method: 'POST', body, headers })

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Which gate a task waits at and what it shows, as the inbox tells an answer to name them. */
export async function gateAt(at: string, task: string, headers: Record<string, string> = {}): Promise<{ task: string; gate: string; shown: string }> {
  const { json } = await asked(at, '/v1/inbox', { headers })
  const { id: gate, shown } = json.entries.find((entry: { task: string }) => entry.task === task)
  return { task, gate, shown }
}
