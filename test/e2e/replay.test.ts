import { describe, expect, it } from 'vitest'
import { testWorkspace } from './workspace.ts'

/** Two tasks, one of which fails for a reason that is told. */
const PLAN = 'tasks:\n  - { id: good, command: echo fine }\n  - { id: bad, command: "echo broken pipe >&2; exit 3", depends_on: [good] }\n'
/** What stands before each line, as it is not the same in two runs. */
const TIME = /^\d\d:\d\d:\d\d /gm

async function afterRun(...args: string[]) {
  const workspace = await testWorkspace()
  await workspace.write('plan.yaml', PLAN)
  const { stdout } = await workspace.tutti(['run', 'plan.yaml', ...args])
  return { workspace, told: stdout.slice(0, stdout.indexOf('\n\n')) }
}

describe('a recorded run, replayed without a screen', () => {
  it('is told at once, as it was told while it ran, and that is said', async () => {
    const { workspace, told } = await afterRun()
    const { code, stdout, stderr } = await workspace.tutti(['replay', 'last', '--no-tui'])
    expect(stdout).toBe(told)
    expect(stderr).toBe('all that happened, at once: only the full-screen page plays it in time')
    expect(code).toBe(0)
  })

  it('is told in words for a screen reader', async () => {
    const { workspace } = await afterRun()
    const { stdout } = await workspace.tutti(['replay', 'last', '--plain', '--speed', '50'])
    expect(stdout.replaceAll(TIME, '')).toMatch(/^run .* began\.\ngood, running: .*\.\ngood, complete: .*\.\nbad, running: .*\.\nbad, failed: exit code 3: broken pipe\.\nthe run failed\.$/)
    expect(stdout).toMatch(/^[ -~\n]*$/)
  })

  it('refuses a speed that there is not, and a run that there is not', async () => {
    const { workspace } = await afterRun()
    expect(await workspace.tutti(['replay', '--speed', '3'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Allowed choices are 1, 2, 5, 10, 20, 50, 100') as string })
    expect(await workspace.tutti(['replay', 'nothing'])).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no run "nothing"') as string })
  })
})

describe('a run for a screen reader', () => {
  it('is told in whole lines of words, what is needed included', async () => {
    const workspace = await testWorkspace()
    await workspace.write('plan.yaml', `${PLAN}  - { id: deploy, command: "true", requires_approval: true }\n`)
    const { code, stdout } = await workspace.tutti(['run', 'plan.yaml', '--plain'])
    const { id } = await workspace.run()
    expect(code).toBe(4)
    expect(stdout).toMatch(/^[ -~\n]*$/)
    expect(stdout.replaceAll(TIME, '')).toContain('deploy, held: waits for approval.\nNeeded: your approval of deploy.\n')
    expect(stdout).toMatch(/^ {2}failed: bad: exit code 3: broken pipe$/m)
    expect(stdout).toContain(`tutti resume ${id} --yes`)
    const resumed = await workspace.tutti(['resume', '--yes', '--plain'])
    expect(resumed.stdout.replaceAll(TIME, '')).toMatch(/^deploy, complete: .*\.$/m)
  })
})

describe('without a command', () => {
  it('says how to begin where there is no workspace', async () => {
    const workspace = await testWorkspace({ project: 'not a workspace: it has no tasks' })
    const { code, stdout } = await workspace.tutti([])
    expect(code).toBe(0)
    expect(stdout).toContain('To begin: tutti new prompt')
    expect(await workspace.list('.')).toEqual(['config.json'])
  })

  it('watches where there is one', async () => {
    const workspace = await testWorkspace({})
    await workspace.write('tasks/first.md', '---\ncommand: "true"\n---\n')
    const program = workspace.start([])
    await expect.poll(() => workspace.list('tasks/completed'), { timeout: 10_000 }).toEqual(['first.md'])
    program.kill('SIGTERM')
    expect((await program).exitCode).toBe(143)
  })
})
