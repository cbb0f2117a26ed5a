import { describe, expect, it, vi } from 'vitest'
import { conducting, stands, WAIT } from './conducting.ts'
import { testWorkspace } from './workspace.ts'

/*
 * Task files for a conductor that works already, and for the next one.
 */

const SLOW = 'tasks:\n  - { id: slow, command: "until test -e go; do sleep 0.02; done" }\n'
const GATED = 'tasks:\n  - { id: gated, command: echo hello, requires_approval: true }\n  - { id: after, command: "true", depends_on: [gated] }\n'

describe('tutti run where a conductor works', () => {
  it('hands its files over, tells what comes of them, and ends when they have ended', async () => {
    const here = await testWorkspace({})
    const conductor = await conducting(here)
    const run = await conductor.begin(SLOW)
    await here.write('gated.yaml', GATED)
    const following = here.start(['run', 'gated.yaml', '--no-tui'])
    await stands(run, { gated: 'held' })
    expect((await here.tutti(['approve', 'gated'])).code).toBe(0)
    const { exitCode, stdout, stderr } = await following
    expect(exitCode).toBe(0)
    expect(stderr).toContain('a conductor works here already: it has taken 2 tasks')
    expect(stderr).toContain('"gated" waits for you; tutti inbox says how to answer')
    expect(stdout).toMatch(/gated +approved by/)
    expect(stdout).toContain('2 of 2 tasks complete')
    expect(run.handle.state.tasks.get('slow')?.state.status).toBe('running')
    expect(await here.list('runs')).toContain(run.id)
  })

  it('ends with what became of its own tasks, in a run that it began there', async () => {
    const here = await testWorkspace({})
    await conducting(here)
    await here.write('bad.yaml', 'tasks:\n  - { id: bad, command: "exit 3" }\n')
    const failed = await here.tutti(['run', 'bad.yaml', '--json'])
    expect(failed.code).toBe(1)
    const events = failed.stdout.trim().split('\n').map((line) => JSON.parse(line))
    expect(events[0]).toMatchObject({ seq: 1, type: 'run.opened' })
    // The same names once more: what they came to before says nothing.
    await here.write('bad.yaml', 'tasks:\n  - { id: bad, command: "true" }\n')
    expect(await here.tutti(['run', 'bad.yaml'])).toMatchObject({ code: 0, stdout: expect.stringContaining('1 of 1 task complete') })
  })

  it('refuses options that cannot hold for a part of a run, and files that are broken', async () => {
    const here = await testWorkspace({})
    const conductor = await conducting(here)
    await conductor.begin(SLOW)
    await here.write('gated.yaml', GATED)
    expect(await here.tutti(['run', 'gated.yaml', '--model', 'm', '--concurrency', '2'])).toMatchObject({ code: 2, stderr: expect.stringMatching(/--model, --concurrency cannot be chosen for it/) })
    expect(await here.tutti(['run', 'gated.yaml', '--yes'])).toMatchObject({ code: 2, stderr: expect.stringContaining('tutti approve --all says yes') })
    await here.write('lost.yaml', 'tasks:\n  - { id: lost, command: "true", depends_on: [nobody] }\n')
    expect(await here.tutti(['run', 'lost.yaml'])).toMatchObject({ code: 2, stderr: expect.stringContaining('nobody') })
    expect((await here.tutti(['run', 'gated.yaml', '--dry-run'])).code).toBe(0)
  })

  it('says so when the conductor leaves first', async () => {
    const here = await testWorkspace({})
    const conductor = await conducting(here)
    const run = await conductor.begin(SLOW)
    await here.write('gated.yaml', GATED)
    const following = here.start(['run', 'gated.yaml'])
    await stands(run, { gated: 'held' })
    conductor.leave()
    expect(await following).toMatchObject({ exitCode: 143, stderr: expect.stringContaining(`go on with: tutti resume ${run.id}`) })
  })

  it('is left by Ctrl-C, and the work goes on', async () => {
    const here = await testWorkspace({})
    const conductor = await conducting(here)
    const run = await conductor.begin(SLOW)
    await here.write('gated.yaml', GATED)
    const following = here.start(['run', 'gated.yaml'])
    let said = ''
    following.stderr_stream.on('data', (text: Buffer) => (said += text.toString()))
    await vi.waitFor(() => expect(said).toContain('waits for you'), WAIT)
    following.kill('SIGINT')
    expect(await following).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('the work goes on') })
    expect(run.handle.state.phase.phase).toBe('open')
  })
})

describe('tutti add', () => {
  it('hands files to whoever conducts', async () => {
    const here = await testWorkspace({})
    const conductor = await conducting(here)
    const run = await conductor.begin(SLOW)
    await here.write('gated.yaml', GATED)
    expect(await here.tutti(['add', 'gated.yaml'])).toMatchObject({ code: 0, stdout: 'taken, 2 tasks: gated, after' })
    await stands(run, { gated: 'held' })
    await here.write('lost.yaml', 'tasks:\n  - { id: lost, command: "true", depends_on: [nobody] }\n')
    expect(await here.tutti(['add', 'lost.yaml'])).toMatchObject({ code: 1, stderr: expect.stringContaining('nobody') })
  })

  it('drops them for the next conductor that watches, where there is none', async () => {
    const here = await testWorkspace({})
    await here.write('elsewhere/one.md', '---\ncommand: "true"\n---\n')
    expect(await here.tutti(['add', 'elsewhere/one.md'])).toMatchObject({ code: 0, stdout: expect.stringContaining('tutti watch takes it when it is started') })
    expect(await here.list('tasks/pending')).toEqual(['one.md'])
    await here.write('elsewhere/broken.md', '---\ndepends_on: [nobody]\n---\nGo.\n')
    expect((await here.tutti(['add', 'elsewhere/broken.md'])).code).toBe(2)
    expect(await here.list('tasks/pending')).toEqual(['one.md'])
  })
})

describe('tutti attach in lines', () => {
  it('tells what goes on from now on, in one run after the other, until the conductor is gone', async () => {
    const here = await testWorkspace({})
    const conductor = await conducting(here)
    const first = await conductor.begin(SLOW)
    await stands(first, { slow: 'running' })
    const attached = [here.start(['attach', '--no-tui']), here.start(['attach', '--json'])]
    let said = ''
    attached[0]?.stdout_stream.on('data', (text: Buffer) => (said += text.toString()))
    await vi.waitFor(() => expect(said).toContain(`run ${first.id}`), WAIT)
    await here.write('go', '')
    await first.finished
    await vi.waitFor(() => expect(said).toContain('the run succeeded'), WAIT)
    const second = await conductor.begin(SLOW.replace('go', 'gone'))
    await vi.waitFor(() => expect(said).toContain(`run ${second.id} of`), WAIT)
    conductor.leave()
    const [lines, json] = await Promise.all(attached)
    expect(lines).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('the conductor is gone') })
    const events = (json?.stdout ?? '').split('\n').map((line) => JSON.parse(line))
    expect(events.at(-1)).toMatchObject({ type: 'run.stopped' })
  })

  it('says so where there is no conductor', async () => {
    const here = await testWorkspace({})
    expect(await here.tutti(['attach'])).toMatchObject({ code: 1, stderr: expect.stringContaining('tutti up -d') })
  })
})
