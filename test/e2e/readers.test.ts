import { rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { testWorkspace } from './workspace.ts'

const PLAN = `tasks:
  - id: talk
    command: for i in 1 2 3; do echo "line $i"; done; printf '\\033]0;owned\\007\\033[2Jend\\n'
  - id: bad
    command: exit 3
  - id: behind
    command: "true"
    depends_on: [bad]
`

async function afterARun() {
  const workspace = await testWorkspace()
  await workspace.write('plan.yaml', PLAN)
  expect((await workspace.tutti(['run', 'plan.yaml'])).code).toBe(1)
  return workspace
}

describe('what can be asked about a run', () => {
  it('status: what needs a person stands first', async () => {
    const workspace = await testWorkspace()
    expect((await workspace.tutti(['status'])).stdout).toContain('no runs yet')
    const { stdout } = await (await afterARun()).tutti(['status'])
    const places = ['bad', 'behind', 'talk'].map((id) => stdout.search(new RegExp(`^ {2}\\S ${id}\\b`, 'm')))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(stdout).toMatch(/: failed\n.*1 complete.*1 failed/)
  })

  it('logs: what a task said, with nothing in it that could steer the terminal', async () => {
    const workspace = await afterARun()
    const { code, stdout } = await workspace.tutti(['logs', 'last', 'talk'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'line 1\nline 2\nline 3\nend' })
    expect((await workspace.tutti(['logs', 'last', 'behind'])).stderr).toContain('"behind" has not started: "bad" failed')
    expect((await workspace.tutti(['logs', 'last', 'nobody'])).stderr).toContain('it has: talk, bad, behind')
  })

  it('logs -f: until the task has ended', async () => {
    const workspace = await testWorkspace()
    await workspace.write('slow.yaml', 'tasks:\n  - id: slow\n    command: "echo begin; until test -e go; do sleep 0.02; done; echo end"\n')
    const running = workspace.start(['run', 'slow.yaml'])
    await expect.poll(async () => (await workspace.tutti(['logs', 'last', 'slow'])).stdout, { timeout: 10_000 }).toContain('begin')
    const following = workspace.tutti(['logs', '-f', 'last', 'slow'])
    await workspace.write('go', '')
    expect((await following).stdout).toBe('begin\nend')
    expect((await running).exitCode).toBe(0)
  })

  it('events: all of them, the last ones, those of one task, as words or as JSON', async () => {
    const workspace = await afterARun()
    const { events } = await workspace.run()
    expect((await workspace.tutti(['events', '--json'])).stdout.split('\n')).toHaveLength(events.length)
    expect((await workspace.tutti(['events', '-n', '1'])).stdout).toMatch(/the run failed$/)
    const about = (await workspace.tutti(['events', '--task', 'bad', '--json'])).stdout.split('\n')
    expect(about.every((line) => line.includes('"bad"'))).toBe(true)
    expect((await workspace.tutti(['events', '-f'])).stdout.split('\n')).toHaveLength(events.length)
  })

  it('show: the manifest as JSON, rebuilt from the events when it is gone or damaged', async () => {
    const workspace = await afterARun()
    const { manifest, path, id } = await workspace.run()
    await rm(join(path, 'manifest.json'))
    expect(JSON.parse((await workspace.tutti(['show', '--json'])).stdout)).toEqual(manifest)
    await workspace.write(`runs/${id}/manifest.json`, '')
    expect(JSON.parse((await workspace.tutti(['show', id.slice(-4), '--json'])).stdout)).toEqual(manifest)
  })

  it('show and status: what the events say, when the manifest is older than they are', async () => {
    const workspace = await afterARun()
    const { manifest, id } = await workspace.run()
    const stale = { ...manifest, status: 'running', finished_at: null, duration_s: null, seq: manifest.seq - 3, counts: { running: 3 } }
    await workspace.write(`runs/${id}/manifest.json`, JSON.stringify(stale))
    expect(JSON.parse((await workspace.tutti(['show', '--json'])).stdout)).toEqual(manifest)
    expect((await workspace.tutti(['status'])).stdout).toContain(': failed')
  })

  it('validate-artifacts: whether files are what the tasks produced', async () => {
    const workspace = await afterARun()
    const { id } = await workspace.run()
    expect(await workspace.tutti(['validate-artifacts'])).toMatchObject({ code: 0, stdout: expect.stringContaining('all intact') })
    await workspace.write(`runs/${id}/outputs/talk/output.md`, 'changed')
    expect(await workspace.tutti(['validate-artifacts'])).toMatchObject({ code: 1, stdout: expect.stringContaining('outputs/talk/output.md: changed') })
    await rm(join(workspace.dir, `runs/${id}/outputs/talk/output.md`))
    expect((await workspace.tutti(['validate-artifacts'])).stdout).toContain('outputs/talk/output.md: missing')
  })

  it('clean: old runs go, and one that can be resumed never does', async () => {
    const workspace = await afterARun()
    await workspace.write('held.yaml', 'tasks:\n  - id: held\n    command: "true"\n    requires_approval: true\n')
    expect((await workspace.tutti(['run', 'held.yaml'])).code).toBe(4)
    const runs = async () => (await workspace.list('runs')).filter((name) => name.startsWith('2')).length
    for (const name of await workspace.list('runs')) await utimes(join(workspace.dir, 'runs', name), 0, 0)
    expect((await workspace.tutti(['clean'])).stderr).toContain('0 runs deleted')
    expect((await workspace.tutti(['clean', '--days', '0', '--dry-run'])).stderr).toContain('1 run would be deleted')
    expect(await runs()).toBe(2)
    expect((await workspace.tutti(['clean', '--days', '0'])).stderr).toContain('1 run deleted')
    expect(await runs()).toBe(1)
  })

  it('doctor: the configuration without secrets, and what is missing', async () => {
    const workspace = await testWorkspace({ providers: { cloud: { type: 'openai', base_url: 'http://127.0.0.1:9/v1', api_key: '${MISSING_KEY}' } } })
    const { code, stdout } = await workspace.tutti(['doctor'])
    expect(code).toBe(1)
    expect(stdout).toContain('MISSING_KEY')
    expect(stdout).toMatch(/cloud \(openai\) +MISSING_KEY is not set/)
    expect(stdout).not.toContain('api_key')
    expect((await workspace.tutti(['doctor', '--config'])).stdout).toContain('"api_key": "${MISSING_KEY}"')
  })

  it('doctor: a provider that nobody configured may be missing, and an agent is told once', async () => {
    const workspace = await testWorkspace({ providers: { own: { type: 'rehearsal' }, agent: { type: 'claude-code', program: './no-such-claude', free: true } } })
    const env = { OLLAMA_HOST: 'http://127.0.0.1:9' }
    const { stdout } = await workspace.tutti(['doctor'], { env })
    expect(stdout).toContain('prompts go to the provider own unless')
    expect(stdout).toMatch(/^ {2}○ ollama +ollama .* cannot be reached/m)
    expect(stdout).toMatch(/✖ agent \(claude-code\) +.*no-such-claude/)
    expect(stdout).not.toMatch(/^ {2}○ claude /m)
    await workspace.write('config.json', JSON.stringify({ tiers: { local: [{ provider: 'ollama', model: 'm' }] } }))
    const wanted = await workspace.tutti(['doctor'], { env })
    expect(wanted.stdout).toMatch(/⚠ ollama +ollama .* cannot be reached/)
    expect(wanted.stdout).toContain('prompts go to the tier local unless')
  })
})

describe('the program itself', () => {
  it('prints its version and its help, and loads nothing for it', async () => {
    const workspace = await testWorkspace()
    expect((await workspace.tutti(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+$/)
    for (const args of [['--help'], ['run', '--help'], ['help', 'run'], []]) {
      const { code, stdout } = await workspace.tutti(args)
      expect({ code, usage: stdout.startsWith('Usage: tutti') }).toEqual({ code: 0, usage: true })
    }
    expect(await workspace.list('.')).toEqual([])
  })

  // The parser of the command line has 40 kB and what the schemas need of Zod 110; all of Zod would have 470.
  it.each([
    ['--version', 60_000, 'no schema, no provider, no command'],
    ['--help', 60_000, 'no schema, no provider, no command'],
    ['status', 350_000, 'no server, no screen, and of Zod what it needs'],
  ])('loads only itself for %s, at most %d bytes: %s', async (word, most) => {
    const workspace = await testWorkspace()
    await workspace.tutti([word], { env: { NODE_V8_COVERAGE: join(workspace.dir, 'coverage') } })
    const [report = ''] = await workspace.list('coverage')
    const { result } = JSON.parse(await workspace.read(join('coverage', report))) as { result: { url: string }[] }
    const loaded = result.filter(({ url }) => url.includes('/dist/')).map(({ url }) => fileURLToPath(url))
    const sizes = await Promise.all(loaded.map(async (path) => (await stat(path)).size))
    expect(loaded.length).toBeGreaterThan(0)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(most)
  })
})

it('doctor and --dry-run say what an attempt costs, and what to set where nobody knows', async () => {
  const server = (more: object) => ({ type: 'openai', base_url: 'http://127.0.0.1:9/v1', model: 'mine', ...more })
  const workspace = await testWorkspace({
    providers: { own: server({ free: true }), paid: server({}), other: server({ model: 'theirs' }) },
    tiers: { local: [{ provider: 'own' }], complex: [{ provider: 'paid' }, { provider: 'other' }] },
    prices: { mine: { input_per_mtok: 3, output_per_mtok: 15 } },
  })
  const { stdout } = await workspace.tutti(['doctor'])
  expect(stdout).toMatch(/✔ local · own · mine +free\n/)
  expect(stdout).toMatch(/✔ complex · paid · mine +\$3\.00 in, \$15\.00 out for a million tokens, as config\.json says\n/)
  expect(stdout).toMatch(/⚠ complex · other · theirs +the price of theirs on other is not known: set "prices\.theirs" or "providers\.other\.free" in config\.json\n/)
  await workspace.write('plan.yaml', 'tasks:\n  - { id: a, prompt: A, tier: complex }\n  - { id: b, prompt: B, provider: other }\n  - { id: c, command: "true" }\n')
  const preview = await workspace.tutti(['run', 'plan.yaml', '--dry-run'])
  expect(preview.stdout).toMatch(/a .*\$3\.00 in, \$15\.00 out for a million tokens/)
  expect(preview.stdout).toMatch(/b .*its price is not known/)
  expect(preview.stdout).toMatch(/c .*free/)
})
