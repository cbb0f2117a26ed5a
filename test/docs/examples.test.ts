import { symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { serverConfig, testWorkspace } from '../e2e/workspace.ts'
import { startOpenAiServer } from '../servers/openai-server.ts'

const EXAMPLES = ['prompt.md', 'fix.task.md', 'day.md', 'job.yaml', 'plan.json']
const DEMO = 'tasks/examples/demo/house-report.yaml'

it.each([...EXAMPLES.map((file) => `tasks/examples/${file}`), DEMO])('%s is read without a warning', async (file) => {
  const workspace = await testWorkspace()
  const { code, stdout, stderr } = await workspace.tutti(['validate', resolve(file)])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('nothing wrong')
})

it('tutti new writes each of them, and never over another file', async () => {
  const workspace = await testWorkspace()
  expect((await workspace.tutti(['new', '?'])).stderr).toContain('prompt')
  for (const file of EXAMPLES) {
    const [name = ''] = file.split('.')
    expect(await workspace.tutti(['new', name])).toMatchObject({ code: 0 })
    expect(await workspace.read(file)).not.toBe('')
  }
  await workspace.tutti(['new', 'fix'])
  expect(await workspace.list('.')).toEqual([...EXAMPLES, 'fix-2.task.md'].sort())
  expect(await workspace.tutti(['new', 'symphony'])).toMatchObject({ code: 2 })
})

it('the plan of the demo measures this project, learns from a failed check, and ends with a report', async () => {
  const workspace = await testWorkspace()
  for (const name of ['src', 'test', 'tasks', 'package.json', 'CHANGELOG.md']) await symlink(resolve(name), join(workspace.dir, name))
  const { code, stdout } = await workspace.tutti(['run', DEMO])
  expect(code).toBe(0)
  const { id, manifest } = await workspace.run()
  expect(manifest.counts).toEqual({ complete: 10 })
  expect(manifest.duration_s).toBeLessThan(15)
  expect(manifest.tasks.filter(({ attempts }) => attempts > 1)).toMatchObject([{ id: 'advise', attempts: 2 }])
  expect(stdout).toMatch(new RegExp(`result +runs/${id}/outputs/write-report/report\\.md`))
  expect(await workspace.read(`runs/${id}/outputs/measure-source/output.md`)).toMatch(/^src: \d+ files, \d+ lines\ncore/)
  expect(await workspace.read(`runs/${id}/outputs/write-report/report.md`)).toMatch(/src: \d+ files/)
})

it('the same plan runs on a real model with --provider', async () => {
  const report = '```markdown report.md\n# Report\n\nAll is well.\n```\n'
  const server = await startOpenAiServer({ answer: (prompt) => (prompt.includes('<files_to_write>') ? `${report}${'x'.repeat(200)}` : 'Next step: rest.') })
  onTestFinished(() => server.stop())
  const workspace = await testWorkspace(serverConfig(server.url))
  for (const name of ['src', 'test', 'tasks', 'package.json', 'CHANGELOG.md']) await symlink(resolve(name), join(workspace.dir, name))
  const { code, stdout } = await workspace.tutti(['run', DEMO, '--provider', 'server'])
  expect(code).toBe(0)
  expect(stdout).not.toContain('rehearsal')
  expect(server.requests).toHaveLength(5)
  expect(server.requests.find(({ prompt }) => prompt.startsWith('Describe how'))?.prompt).toMatch(/<result task="measure-source" title="Measure the source tree">\nsrc: \d+ files/)
  expect((await workspace.run()).manifest.tasks.find(({ id }) => id === 'count-report')?.status).toBe('complete')
})
