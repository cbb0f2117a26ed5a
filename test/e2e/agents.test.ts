import { expect, it } from 'vitest'
import * as claude from '../agents/claude-lines.ts'
import { FAKE } from '../agents/agent-world.ts'
import { isRunning } from '../process/is-running.ts'
import { testWorkspace, type TestWorkspace } from './workspace.ts'

const config = (more: object = {}) => ({
  providers: { claude: { type: 'claude-code', program: FAKE, model: 'sonnet', max_cost_usd: 0.5, ...more } },
  execution: { retries: 0 },
})

const calls = async ({ read }: TestWorkspace) =>
  (await read('calls.jsonl')).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as { args: string[]; stdin: string; env: Record<string, string> })

it('an agent works on the files of the workspace, is held to its limit, and is paid what it says', async () => {
  const workspace = await testWorkspace(config())
  await workspace.write('.env', 'ANTHROPIC_API_KEY=sk-ant-0123456789abcdef\nOTHER=not for agents\n')
  await workspace.write('scenario.json', JSON.stringify({ lines: [claude.init, claude.says('The key is sk-ant-0123456789abcdef.'), claude.result({ result: 'Mended. sk-ant-0123456789abcdef', total_cost_usd: 0.12 })] }))
  await workspace.write('fix.task.md', '---\nid: fix\ntools: [Edit, "Bash(npm test)"]\nmax_turns: 7\n---\n# Fix it\n\n**Target Files:** src/a.ts\n\n**Prompt:**\n\nMend `a`.\n')
  const { code, stdout } = await workspace.tutti(['run', 'fix.task.md'])
  expect(code).toBe(0)
  const [call] = await calls(workspace)
  // It may ask: what it is told comes in messages.
  expect(JSON.parse(call?.stdin ?? '')).toEqual({ type: 'user', message: { role: 'user', content: 'Mend `a`.\n\n**Target Files:**\n\n- src/a.ts' } })
  expect(call?.args.join(' ')).toMatch(/^-p --output-format stream-json --verbose .*--permission-prompt-tool stdio.* --session-id [0-9a-f-]{36} .*--model sonnet.*--allowedTools Edit,Bash\(npm test\) --max-turns 7 --max-budget-usd 0\.4/)
  // What stands in .env is seen when the provider lists it, and not otherwise; and it is told to nobody.
  expect(call?.env).toMatchObject({ ANTHROPIC_API_KEY: 'sk-ant-0123456789abcdef', TUTTI_TASK: 'fix' })
  expect(call?.env).not.toHaveProperty('OTHER')
  const { manifest, id } = await workspace.run()
  expect(manifest.tasks[0]).toMatchObject({ status: 'complete', provider: 'claude', cost_micro_usd: 120_000 })
  expect(await workspace.read(`runs/${id}/outputs/fix/output.md`)).toBe('Mended. [secret ANTHROPIC_API_KEY]')
  expect([stdout, await workspace.read(`runs/${id}/logs/fix.1.log`)].join()).not.toContain('sk-ant-')
})

it('what an agent was not allowed to do fails its task, though it says that all is well', async () => {
  const workspace = await testWorkspace(config())
  await workspace.write('scenario.json', JSON.stringify({ lines: [claude.init, claude.result({ total_cost_usd: 0.02, permission_denials: [{ tool_name: 'Bash', tool_use_id: 't', tool_input: { command: 'rm -rf /' } }] })] }))
  await workspace.write('fix.md', 'Mend it.\n')
  expect((await workspace.tutti(['run', 'fix.md'])).code).toBe(1)
  const { manifest, events } = await workspace.run()
  expect(events.find(({ type }) => type === 'attempt.finished')).toMatchObject({ outcome: { kind: 'permission_denied' }, settled: { micro_usd: 20_000, estimated: false } })
  expect(manifest.tasks[0]?.reason).toContain('Bash')
})

it('a conductor that is killed leaves no process behind, and the next one goes on with the session', async () => {
  const workspace = await testWorkspace(config())
  await workspace.write('scenario.json', JSON.stringify({ lines: [claude.init], hang: true, ignore_term: true, child: 'in its own session', resumed: { lines: [claude.init, claude.result({ result: 'Mended.', total_cost_usd: 0.6 })] } }))
  await workspace.write('fix.md', '---\nid: fix\n---\nMend it.\n')
  const running = workspace.start(['run', 'fix.md'])
  await expect.poll(() => workspace.read('pids').catch(() => ''), { timeout: 10_000 }).toMatch(/\d+\n\d+\n/)
  const pids = (await workspace.read('pids')).trim().split('\n').map(Number)
  running.kill('SIGKILL')
  await running
  await expect.poll(() => pids.filter(isRunning), { timeout: 10_000 }).toEqual([])

  expect((await workspace.tutti(['resume'])).code).toBe(0)
  const [first, second] = await calls(workspace)
  const session = first?.args[first.args.indexOf('--session-id') + 1]
  expect(second?.args).toContain('--resume')
  expect(second?.args).toContain(session)
  expect(second?.stdin).toContain('Go on where you were interrupted, and finish the task.')
  // The first was settled at what had been set aside; what the session has cost beyond that is the second's.
  const { manifest } = await workspace.run()
  expect(manifest.tasks[0]).toMatchObject({ cost_micro_usd: 600_000, estimated: true })
})

it('an agent that is not installed is left for the next route, and its message says what to do', async () => {
  const providers = { missing: { type: 'codex', program: 'no-such-agent', max_cost_usd: 1 }, own: { type: 'rehearsal', latency_ms: 0 } }
  const workspace = await testWorkspace({ providers, tiers: { local: [{ provider: 'missing' }, { provider: 'own' }] }, execution: { retries: 0 } })
  await workspace.write('fix.md', 'Mend it.\n')
  expect((await workspace.tutti(['run', 'fix.md'])).code).toBe(0)
  const { events } = await workspace.run()
  const failed = events.find((event) => event.type === 'attempt.finished' && event.outcome.result === 'failed')
  expect(failed).toMatchObject({ outcome: { kind: 'not_installed', message: expect.stringContaining('"providers.missing.program"') }, settled: { micro_usd: 0 } })
})
