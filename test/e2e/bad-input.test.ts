import { describe, expect, it, onTestFinished } from 'vitest'
import { startOpenAiServer } from '../servers/openai-server.ts'
import { serverConfig, testWorkspace } from './workspace.ts'

describe('input that is wrong is told, with its place, before anything runs', () => {
  it.each<[string, string, string | Uint8Array, RegExp]>([
    [
      'a cycle',
      'plan.yaml',
      'tasks:\n  - id: a\n    command: touch ran\n    depends_on: [c]\n  - id: b\n    command: touch ran\n    depends_on: [a]\n  - id: c\n    command: touch ran\n    depends_on: [b]\n',
      /plan\.yaml:2.*in a circle: a → c → b → a \(a in plan\.yaml:2, c in plan\.yaml:8, b in plan\.yaml:5\)/,
    ],
    ['a missing dependency', 'plan.yaml', 'tasks:\n  - id: a\n    command: touch ran\n    depends_on: [nobody]\n', /plan\.yaml:2.*"a" depends on "nobody"/],
    [
      'a duplicate id',
      'plan.yaml',
      'tasks:\n  - id: a\n    command: touch ran\n  - id: a\n    command: touch ran\n',
      /plan\.yaml:4.*"a" is taken by plan\.yaml:2/,
    ],
    ['broken YAML', 'task.md', '---\npriority: [high\n---\nDo it.\n', /task\.md:\d+:\d+/],
    ['a wrong value', 'task.md', '---\nid: x\ntimeout_s: soon\n---\nDo it.\n', /task\.md:3:1: .*timeout_s/],
    ['a 5 MB prompt', 'task.md', 'x'.repeat(5_000_000), /task\.md.*5(\.0)? MB|task\.md.*5000000|task\.md.*5,000,000/],
    ['an empty file', 'task.md', '', /task\.md.*empty/],
    ['a binary file', 'task.md', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]), /task\.md.*(binary|text)/],
    ['a provider that nobody configured', 'task.md', '---\nprovider: gpt\n---\nDo it.\n', /task\.md:2:1: `provider`: the provider "gpt" is not in the configuration; known providers: /],
  ])('%s', async (_, file, text, message) => {
    const workspace = await testWorkspace()
    await workspace.write(file, text)
    for (const verb of ['validate', 'run']) {
      const { code, stdout, stderr } = await workspace.tutti([verb, file])
      expect({ verb, code, stdout }).toEqual({ verb, code: 2, stdout: '' })
      expect(stderr).toMatch(message)
    }
    expect(await workspace.list('.')).toEqual([file])
  })

  it('a path that is not there, an option that is not, a command that is not', async () => {
    const workspace = await testWorkspace()
    for (const [args, message] of [
      [['run', 'nowhere.md'], /nowhere\.md: there is no such file/],
      [['run', '--fast', 'x.md'], /unknown option '--fast'/],
      [['rnu', 'x.md'], /unknown command 'rnu'[\s\S]*run/],
      [['run', 'x.md', '--concurrency', '0'], /whole number from 1/],
      [['show', 'abcd'], /there is no run "abcd"/],
    ] as const) {
      const { code, stderr } = await workspace.tutti([...args])
      expect({ args, code }).toEqual({ args, code: 2 })
      expect(stderr).toMatch(message)
    }
  })

  it('a broken configuration stops every command that needs it, and none that only looks', async () => {
    const workspace = await testWorkspace()
    await workspace.write('config.json', '{ "execution": { "retries": -1 } }')
    const { code, stderr } = await workspace.tutti(['doctor'])
    expect(code).toBe(2)
    expect(stderr).toContain('config.json:1:18: execution.retries: has to be at least 0')
    const status = await workspace.tutti(['status'])
    expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining('no runs yet') })
    expect(status.stderr).toContain('warning: config.json:1:18: execution.retries')
  })
})

it('an answer that writes outside its folder is refused and recorded, and the rest of it is kept', async () => {
  const fence = (path: string) => `\`\`\`text ${path}\nhello\n\`\`\`\n`
  const server = await startOpenAiServer({ answer: () => [fence('../../x'), fence('/etc/passwd'), fence('ok/fine.txt')].join('\n') })
  onTestFinished(() => server.stop())
  const workspace = await testWorkspace(serverConfig(server.url))
  await workspace.write('task.md', '---\nretries: 0\n---\nWrite files.\n')
  const { code, stdout } = await workspace.tutti(['run', 'task.md'])
  expect(code).toBe(1)
  expect(stdout).toContain('../../x')
  const { id, manifest } = await workspace.run()
  expect(manifest.tasks[0]).toMatchObject({ status: 'incomplete', refused_files: [{ path: '../../x' }, { path: '/etc/passwd' }] })
  expect(await workspace.list(`runs/${id}/outputs/task`)).toEqual(['ok', 'output.md'])
  expect(await workspace.read(`runs/${id}/outputs/task/ok/fine.txt`)).toBe('hello\n')
})
