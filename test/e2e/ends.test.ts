import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isRunning } from '../process/is-running.ts'
import { startOpenAiServer } from '../servers/openai-server.ts'
import { readEventLines, serverConfig, testWorkspace } from './workspace.ts'

const command = (id: string, line: string, more = '') => `  - id: ${id}\n    command: ${JSON.stringify(line)}\n${more}`
const planOf = (...tasks: string[]) => `tasks:\n${tasks.join('')}`

describe('how a run ends', () => {
  it('says what failed and what that blocked, runs every other branch, and exits with 1', async () => {
    const workspace = await testWorkspace()
    await workspace.write(
      'tasks/plan.yaml',
      planOf(
        command('bad', 'echo broken pipe >&2; exit 3'),
        command('behind', 'true', '    depends_on: [bad]\n'),
        command('good', 'echo fine'),
        command('also-good', 'true', '    depends_on: [good]\n'),
      ),
    )
    const { code, stdout } = await workspace.tutti(['run', 'tasks/plan.yaml'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/bad: .*3.*broken pipe/)
    expect(stdout).toContain('behind: "bad" failed')
    expect(await workspace.list('tasks/failed')).toEqual(['plan.yaml'])
    expect((await workspace.run()).manifest).toMatchObject({ status: 'failed', counts: { complete: 2, failed: 1, blocked: 1 } })
  })

  it('leaves an incomplete file where it is, with its status, after the retries were told what was missing', async () => {
    const server = await startOpenAiServer({ answer: () => 'Nothing to say.' })
    onTestFinished(() => server.stop())
    const workspace = await testWorkspace(serverConfig(server.url))
    await workspace.write('tasks/pending/risks.md', '---\ncompletion_criteria:\n  contains: [Risks, Costs]\nretries: 1\n---\nList them.\n')
    expect((await workspace.tutti(['run', 'tasks/pending'])).code).toBe(1)
    expect(await workspace.read('tasks/pending/risks.md')).toContain('status: incomplete\n')
    expect(server.requests).toHaveLength(2)
    expect(server.requests[0]?.prompt).toBe('List them.')
    expect(server.requests[1]?.prompt).toMatch(/expected: contains "Risks".*\n.*expected: contains "Costs"/)
    const { manifest } = await workspace.run()
    expect(manifest.tasks[0]).toMatchObject({ status: 'incomplete', attempts: 2, checks: [{ passed: false }, { passed: false }] })
  })

  it('waits for an approval with exit code 4, runs everything else, and goes on when it is given', async () => {
    const workspace = await testWorkspace()
    await workspace.write(
      'plan.yaml',
      planOf(
        command('deploy', 'echo deployed', '    requires_approval: true\n'),
        command('announce', 'true', '    depends_on: [deploy]\n'),
        command('free', 'true'),
      ),
    )
    const first = await workspace.tutti(['run', 'plan.yaml'])
    expect(first.code).toBe(4)
    const { id, manifest } = await workspace.run()
    expect(manifest.counts).toEqual({ held: 1, waiting: 1, complete: 1 })
    expect(first.stdout).toContain(`tutti resume ${id} --yes`)
    expect((await workspace.tutti(['resume'])).code).toBe(4)
    expect((await workspace.tutti(['resume', '--yes'])).code).toBe(0)
    expect((await workspace.run()).manifest).toMatchObject({ status: 'succeeded', counts: { complete: 3 } })
  })

  it('is interrupted by Ctrl-C with exit code 130, leaves nothing running, and can be resumed', async () => {
    const workspace = await testWorkspace()
    await workspace.write('plan.yaml', planOf(command('slow', 'echo $$ > pid; test -f again || sleep 60'), command('next', 'true', '    depends_on: [slow]\n')))
    const running = workspace.start(['run', 'plan.yaml'])
    await expect.poll(() => workspace.read('pid').catch(() => ''), { timeout: 10_000 }).toMatch(/\d/)
    running.kill('SIGINT')
    const { exitCode, stdout } = await running
    const { id, manifest } = await workspace.run()
    expect(exitCode).toBe(130)
    expect(stdout).toContain(`tutti resume ${id}`)
    expect(manifest).toMatchObject({ status: 'running', stopped: 'SIGINT', counts: { ready: 1, waiting: 1 } })
    expect(isRunning(Number(await workspace.read('pid')))).toBe(false)

    await workspace.write('again', '')
    expect((await workspace.tutti(['resume', id.slice(-4)])).code).toBe(0)
    expect((await workspace.run()).manifest.tasks[0]).toMatchObject({ status: 'complete', attempts: 2 })
  })

  it('goes on when nobody reads any more what it says', async () => {
    const workspace = await testWorkspace()
    await workspace.write('plan.yaml', planOf(command('a', 'sleep 0.3'), command('b', 'touch done', '    depends_on: [a]\n')))
    const running = workspace.start(['run', 'plan.yaml'])
    running.stdout_stream.destroy()
    expect((await running).exitCode).toBe(0)
    expect(await workspace.list('.')).toContain('done')
  })

  it('stops a task that takes too long', async () => {
    const workspace = await testWorkspace()
    await workspace.write('plan.yaml', planOf(command('slow', 'sleep 60', '    timeout_s: 0.2\n    retries: 0\n')))
    expect((await workspace.tutti(['run', 'plan.yaml'])).code).toBe(1)
    expect((await workspace.run()).manifest.tasks[0]).toMatchObject({ status: 'failed', reason: 'it took longer than 0.2 s' })
  })
})

describe('the output of run', () => {
  it('is events and nothing else with --json', async () => {
    const workspace = await testWorkspace()
    await workspace.write('plan.yaml', planOf(command('a', 'echo hi')))
    const { code, stdout } = await workspace.tutti(['run', 'plan.yaml', '--json'])
    const { path } = await workspace.run()
    expect(code).toBe(0)
    expect(stdout.split('\n').map((line) => JSON.parse(line) as unknown)).toEqual(await readEventLines(`${path}/events.jsonl`))
  })

  it('says beside every result that a rehearsal called no model', async () => {
    const workspace = await testWorkspace()
    await workspace.write('hello.md', 'Say hello.\n')
    const { stdout } = await workspace.tutti(['run', 'hello.md'])
    const label = 'rehearsal: no model was called'
    expect(stdout.split(label).length - 1).toBeGreaterThanOrEqual(2)
    const { manifest, id } = await workspace.run()
    expect(manifest.tasks[0]?.label).toBe(label)
    expect(await workspace.read(`runs/${id}/outputs/hello/output.md`)).toContain(label)
    for (const args of [['status'], ['show'], ['events'], ['logs', 'last', 'hello']]) {
      expect((await workspace.tutti(args)).stdout).toContain(label)
    }
  })

  it('shows with --dry-run what would run and where, and runs nothing', async () => {
    const workspace = await testWorkspace()
    await workspace.write('plan.yaml', planOf(command('a', 'touch ran'), command('b', 'true', '    depends_on: [a]\n')))
    const { code, stdout } = await workspace.tutti(['run', 'plan.yaml', '--dry-run'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/a\s+command.*\n.*b\s+← a/)
    expect(await workspace.list('.')).toEqual(['plan.yaml'])
  })

  it('fills in --param, for prompts and for commands', async () => {
    const server = await startOpenAiServer()
    onTestFinished(() => server.stop())
    const workspace = await testWorkspace(serverConfig(server.url))
    await workspace.write(
      'plan.yaml',
      'tasks:\n  - id: ask\n    prompt: Greet {{name}}, not {{other}}.\n    params: {name: nobody}\n  - id: say\n    command: echo "it is $TUTTI_PARAM_NAME"\n    params: {name: nobody}\n',
    )
    expect((await workspace.tutti(['run', 'plan.yaml', '--param', 'name=Ada; rm -rf x'])).code).toBe(0)
    expect(server.requests[0]?.prompt).toBe('Greet Ada; rm -rf x, not {{other}}.')
    const { id } = await workspace.run()
    expect(await workspace.read(`runs/${id}/outputs/say/output.md`)).toBe('it is Ada; rm -rf x\n')
  })

  it('never shows a secret, wherever it turns up', async () => {
    const secret = 'sk-live-0123456789abcdef'
    const server = await startOpenAiServer({ answer: () => `The key is ${secret}.` })
    onTestFinished(() => server.stop())
    const workspace = await testWorkspace({
      providers: { server: { type: 'openai', base_url: server.url, model: 'm', api_key: '${SECRET_KEY}', free: true } },
    })
    await workspace.write('secret.txt', secret)
    await workspace.write(
      'plan.yaml',
      `tasks:
  - id: ask
    prompt: What is it?
    checks: {matches: "^no", command: cat ../../../../secret.txt; env; exit 1}
    retries: 0
  - id: env
    command: env; cat secret.txt; cat secret.txt >&2; exit 1
`,
    )
    const { stdout, stderr } = await workspace.tutti(['run', 'plan.yaml'], { env: { SECRET_KEY: secret } })
    const doctor = await workspace.tutti(['doctor'], { env: { SECRET_KEY: secret } })
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${secret}`)
    expect([stdout, stderr, doctor.stdout].join('')).not.toContain(secret)
    expect(stdout).toContain('[secret SECRET_KEY]')
    const files = (await readdir(join(workspace.dir, 'runs'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    expect(files.length).toBeGreaterThan(5)
    for (const { parentPath, name } of files) expect(await readFile(join(parentPath, name), 'utf8')).not.toContain(secret)
  })
})
