import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, chmod, cp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { TASK_STATUSES } from '../../src/core/task-state.ts'
import { startOpenAiServer } from '../servers/openai-server.ts'
import { conducting, stands, WAIT } from './conducting.ts'
import { testWorkspace, type TestWorkspace } from './workspace.ts'

/*
 * What a person wants from another terminal: of a run that is conducted, and of one that nobody conducts now.
 */

const PLAN = `tasks:
  - { id: slow, command: "until test -e go; do sleep 0.02; done" }
  - { id: deploy, title: Deploy the site, command: ./deploy.sh production, requires_approval: true }
  - { id: notes, command: echo notes, review: true }
  - { id: behind, command: "true", depends_on: [slow] }
`

const json = (stdout: string) => stdout.trim().split('\n').map((line) => JSON.parse(line))

/** Two tasks wait for a person, one of them with something behind it. */
async function waiting(): Promise<{ here: TestWorkspace; run: Awaited<ReturnType<typeof conducting>>['run']; conductor: Awaited<ReturnType<typeof conducting>> }> {
  const here = await testWorkspace({})
  await here.write('deploy.sh', '#!/bin/sh\necho deployed $1\n')
  await chmod(join(here.dir, 'deploy.sh'), 0o755)
  const conductor = await conducting(here)
  const run = await conductor.begin(PLAN)
  await stands(run, { slow: 'running', deploy: 'held', notes: 'held', behind: 'waiting' })
  return { here, run, conductor }
}

describe('a run that is conducted', () => {
  it('is told from another terminal what a person approves, and says what that was', async () => {
    const { here, run } = await waiting()
    const { code, stdout } = await here.tutti(['approve', 'deploy', '--comment', 'after lunch', '--by', 'ada'])
    expect(code).toBe(0)
    expect(stdout).toContain('deploy — Deploy the site: $ ./deploy.sh production')
    expect(stdout).toContain('approved by ada')
    await stands(run, { deploy: 'complete' })
    const answered = (await here.run()).events.find(({ type }) => type === 'gate.answered')
    expect(answered).toMatchObject({ task: 'deploy', answer: 'approved', by: 'ada', door: 'cli', comment: 'after lunch' })
  })

  it('takes the first answer only: a second one is told who was first', async () => {
    const { here } = await waiting()
    expect((await here.tutti(['approve', 'deploy', '--by', 'ada'])).code).toBe(0)
    const second = await here.tutti(['reject', 'deploy', '--by', 'grace'])
    expect(second.code).toBe(1)
    expect(second.stderr).toMatch(/was approved already, by ada \(cli\)/)
    const stale = await here.tutti(['approve', 'notes', '--gate', 'g1'])
    expect(stale).toMatchObject({ code: 1, stderr: expect.stringContaining('has no gate "g1"') })
    const other = await here.tutti(['approve', 'notes', '--shown', '0000'])
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('look at it again') })
  })

  it('is told several things at once; what cannot be done is refused, and the rest is done', async () => {
    const { here, run } = await waiting()
    const { code, stdout } = await here.tutti(['approve', 'deploy', 'slow', 'nobody', 'notes', '--json'])
    expect(code).toBe(1)
    expect(json(stdout)).toMatchObject([
      { task: 'deploy', run: run.id, events: [{ type: 'gate.answered' }] },
      { task: 'slow', error: { code: 'refused', message: expect.stringContaining('there is nothing to approve') } },
      { task: 'nobody', error: { message: expect.stringContaining('there is no task "nobody"') } },
      { task: 'notes', events: [{ type: 'gate.answered' }, { type: 'task.ended', status: 'complete' }] },
    ])
  })

  it('is told yes to all that waits, and no to it', async () => {
    const { here, run } = await waiting()
    expect(await here.tutti(['approve'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--all') })
    expect((await here.tutti(['approve', 'deploy', '--all'])).code).toBe(2)
    expect((await here.tutti(['reject', '--all', '--comment', 'not today'])).code).toBe(0)
    await stands(run, { deploy: 'cancelled', notes: 'incomplete' })
    expect(await here.tutti(['approve', '--all'])).toMatchObject({ code: 0, stderr: 'nothing waits for approval or review' })
  })

  it('has what was made done again, and the next attempt is told why', async () => {
    const { here, run } = await waiting()
    expect((await here.tutti(['send-back', 'notes'])).code).toBe(2)
    expect((await here.tutti(['send-back', 'notes', '--comment', 'too short'])).code).toBe(0)
    await vi.waitFor(() => expect(run.handle.state.tasks.get('notes')).toMatchObject({ attempts: [{}, {}], comments: [{ text: 'too short' }], state: { status: 'held' } }), WAIT)
  })

  const steering = (here: TestWorkspace) => async (...args: string[]) => {
    const { code, stderr } = await here.tutti(args)
    return `${code} ${stderr}`.trim()
  }

  it('is paused, and goes on: all of it, or a task with what depends on it', async () => {
    const { here, run } = await waiting()
    const steer = steering(here)
    expect(await steer('pause', 'slow', '--with-descendants')).toBe('0')
    expect(run.handle.state.tasks.get('behind')?.paused).toBeDefined()
    expect(await steer('resume', 'behind')).toBe('0')
    expect(run.handle.state.tasks.get('behind')?.paused).toBeUndefined()
    expect(await steer('pause')).toBe('0')
    expect(await steer('pause')).toMatch(/^1 error: the run is paused already/)
    expect(await steer('resume')).toBe('0')
    expect(run.handle.state.paused).toBeUndefined()
  })

  it('is not taken up a second time', async () => {
    const { here } = await waiting()
    const steer = steering(here)
    expect(await steer('resume')).toMatch(/^1 .*is not paused; tutti attach shows it/)
    expect(await steer('resume', '--model', 'x')).toMatch(/^2 .*--model cannot be chosen for it/)
    expect(await steer('resume', '20200101-000000-0000')).toMatch(/^1 .*another run can be taken up once that has been left/)
  })

  it('has tasks skipped, cancelled, done again, and sent ahead', async () => {
    const { here, run } = await waiting()
    const steer = steering(here)
    expect(await steer('priority', 'behind', 'critical')).toBe('0')
    expect(run.handle.state.tasks.get('behind')?.spec.priority).toBe('critical')
    expect(await steer('priority', 'behind', 'urgent')).toMatch(/^2 .*Allowed choices/s)
    expect(await steer('skip', 'deploy')).toBe('0')
    expect(await steer('approve', 'notes')).toBe('0')
    expect(await steer('retry', 'notes')).toMatch(/^1 .*tutti rerun notes/)
    expect(await steer('rerun', 'notes')).toBe('0')
    await vi.waitFor(() => expect(run.handle.state.tasks.get('notes')?.attempts).toHaveLength(2), WAIT)
    expect(await steer('cancel', 'slow')).toBe('0')
    await stands(run, { slow: 'cancelled', behind: 'blocked' })
  })

  it('has a branch skipped in one step: nothing of it starts in between', async () => {
    const { here, run } = await waiting()
    const steer = steering(here)
    expect(await steer('skip', 'slow', '--with-descendants')).toBe('0')
    await stands(run, { slow: 'skipped', behind: 'skipped', deploy: 'held' })
    expect(run.handle.state.tasks.get('behind')?.attempts).toEqual([])
    expect(await steer('skip', 'slow', '--with-descendants')).toMatch(/^1 error: "slow" was skipped, and nothing behind it is left/)
    expect(await steer('cancel', 'deploy', '--with-descendants')).toBe('0')
    await stands(run, { deploy: 'cancelled' })
  })

  it('shows its inbox with the commands that answer it, for people and for programs', async () => {
    const { here, run } = await waiting()
    const { stdout } = await here.tutti(['inbox'])
    expect(stdout).toContain(`run ${run.id}: 2 tasks wait for you`)
    expect(stdout).toContain('deploy: waits for approval')
    expect(stdout).toContain('Deploy the site: $ ./deploy.sh production')
    expect(stdout).toContain('tutti approve deploy')
    expect(stdout).toContain(`runs/${run.id}/outputs/notes/output.md`)
    expect(stdout).toContain('tutti send-back notes --comment "what is missing"')
    const told = JSON.parse((await here.tutti(['inbox', '--json'])).stdout)
    const deploy = told.entries.find(({ task }: { task: string }) => task === 'deploy')
    expect(deploy).toMatchObject({ gate: 'approval', id: expect.stringMatching(/^g\d+$/), shown: expect.any(String), since: expect.any(String), waits: 'waits for approval' })
    expect(deploy.answers).toContainEqual({ command: 'tutti approve deploy', means: expect.any(String) })
    expect((await here.tutti(['approve', 'deploy', '--gate', deploy.id, '--shown', deploy.shown])).code).toBe(0)
  })

  it('shows whose quota is used up, and has it asked at once when a person knows better', async () => {
    let isEmpty = true
    const server = await startOpenAiServer({ scenario: () => (isEmpty ? { kind: 'refused', status: 429, code: 'insufficient_quota', headers: { 'retry-after': '3600' } } : undefined) })
    onTestFinished(() => server.stop())
    const here = await testWorkspace({ providers: { paid: { type: 'openai', base_url: server.url, model: 'test-model', free: true } } })
    const conductor = await conducting(here)
    const run = await conductor.begin('tasks:\n  - { id: ask, prompt: Ask. }\n')
    await vi.waitFor(() => expect(run.handle.state.conditions.get('paid')?.is).toBe('waiting'), WAIT)
    const { stdout } = await here.tutti(['inbox'])
    expect(stdout).toContain('nothing waits for you')
    expect(stdout).toMatch(/⏸ paid is left alone until .*\n +tutti resume --retry-now +it is asked again at once/)
    expect(JSON.parse((await here.tutti(['inbox', '--json'])).stdout).quotas).toMatchObject([{ provider: 'paid', is: 'waiting' }])
    isEmpty = false
    expect((await here.tutti(['resume', '--retry-now'])).code).toBe(0)
    await stands(run, { ask: 'complete' })
    expect((await here.tutti(['inbox'])).stdout).not.toContain('paid')
  })

  it('is ended by tutti stop, which waits until the conductor is gone', async () => {
    const { here, conductor } = await waiting()
    const { code, stderr } = await here.tutti(['stop', '--by', 'ada'])
    expect(code).toBe(0)
    expect(stderr).toContain('it is gone')
    expect(conductor.stops).toEqual([{ how: 'grace', by: 'stopped by ada' }])
    await conductor.gone
    expect(await here.tutti(['stop'])).toMatchObject({ code: 0, stderr: 'no conductor works in this workspace' })
  })
})

describe('a conductor that breaks off in the middle of an answer', () => {
  /** Listens where conductors do, tells of a run, and gives no answer to anything that is wanted of it. */
  async function silent(here: TestWorkspace, run: string, wanted: (key: string) => Promise<void>): Promise<void> {
    const server = createServer((request, response) => {
      if (request.method === 'GET') {
        const counts = Object.fromEntries(TASK_STATUSES.map((status) => [status, 0]))
        response.end(JSON.stringify({ conductor: { pid: 1, version: '1' }, run: { run, project: 'p', phase: 'open', opened_at: new Date().toISOString(), counts, left: 1, seq: 1 } }))
      } else void wanted(String(request.headers['idempotency-key'])).then(() => request.socket.destroy())
    })
    server.listen(join(here.dir, 'runs/control.sock'))
    await once(server, 'listening')
    onTestFinished(() => void server.close())
  }

  it('had not done it: it is recorded, and done once the run is taken up', async () => {
    const { here, run, conductor } = await waiting()
    conductor.leave()
    await conductor.gone
    await silent(here, run.id, async () => {})
    expect(await here.tutti(['approve', 'deploy'])).toMatchObject({ code: 0, stdout: expect.stringContaining('recorded: approve "deploy"') })
  })

  it('had done it: its log tells so, and nothing is recorded', async () => {
    const { here, run, conductor } = await waiting()
    conductor.leave()
    await conductor.gone
    await silent(here, run.id, async (key) => {
      const { seq } = run.handle.state
      await appendFile(join(here.dir, 'runs', run.id, 'events.jsonl'), `${JSON.stringify({ v: 1, seq: seq + 1, at: new Date().toISOString(), key: `ada/${key}`, type: 'gate.answered', task: 'deploy', gate: run.handle.state.gates.keys().next().value, answer: 'approved', by: 'ada' })}\n`)
    })
    expect(await here.tutti(['approve', 'deploy', '--by', 'ada'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/deploy +approved by ada/) })
    expect(await here.list('runs/wishes')).toEqual([])
  })
})

describe('a run that nobody conducts', () => {
  /** The same run, left. */
  async function left() {
    const { here, run, conductor } = await waiting()
    conductor.leave()
    await conductor.gone
    return { here, id: run.id, folder: join(here.dir, 'runs/wishes', run.id) }
  }

  it('keeps what is wanted until it is taken up, and does it then', async () => {
    const { here, id, folder } = await left()
    const approved = await here.tutti(['approve', 'deploy', 'notes', '--by', 'ada'])
    expect(approved.code).toBe(0)
    expect(approved.stdout).toContain(`recorded: approve "deploy", approve "notes"; it takes effect when the run is taken up: tutti resume ${id}`)
    expect(json((await here.tutti(['skip', 'slow', '--json'])).stdout)).toEqual([{ run: id, task: 'slow', recorded: true, events: [] }])
    const [name = ''] = await readdir(folder)
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)

    expect((await here.tutti(['inbox'])).stdout).toContain('recorded already: approve "deploy" (ada)')
    const resumed = await here.tutti(['resume'])
    expect(resumed.code).toBe(0)
    expect((await here.run()).manifest).toMatchObject({ status: 'succeeded', counts: { complete: 3, skipped: 1 } })
    expect(await readdir(folder)).toEqual([])
    const answers = (await here.run()).events.filter(({ type }) => type === 'gate.answered')
    expect(answers).toMatchObject([{ task: 'deploy', by: 'ada', door: 'cli', key: expect.stringMatching(/^ada\//) }, { task: 'notes' }])
  })

  it('refuses at once what cannot be done, also because of what is recorded already', async () => {
    const { here } = await left()
    expect(await here.tutti(['approve', 'slow'])).toMatchObject({ code: 1, stderr: expect.stringContaining('there is nothing to approve') })
    expect((await here.tutti(['approve', 'deploy', '--by', 'ada'])).code).toBe(0)
    expect(await here.tutti(['reject', 'deploy'])).toMatchObject({ code: 1, stderr: expect.stringContaining('was approved already, by ada (cli)') })
    expect(await here.tutti(['answer', 'notes', 'yes'])).toMatchObject({ code: 1 })
  })

  it('does nothing twice when the conductor was killed between the log and the deletion', async () => {
    const { here, folder } = await left()
    await here.tutti(['approve', 'notes'])
    await here.tutti(['skip', 'slow'])
    const kept = join(here.dir, 'kept')
    await cp(folder, kept, { recursive: true })
    expect((await here.tutti(['resume'])).code).toBe(4)
    expect(await readdir(folder)).toEqual([])
    await cp(kept, folder, { recursive: true })
    const again = await here.tutti(['resume', '--yes'])
    expect(again.code).toBe(0)
    expect(again.stderr).not.toContain('which is not done')
    expect(await readdir(folder)).toEqual([])
    const { events } = await here.run()
    expect(events.filter((event) => event.type === 'gate.answered' && event.task === 'notes')).toHaveLength(1)
  })

  it('says what was recorded and can be done no more, and leaves alone what it does not understand', async () => {
    const { here, id, folder } = await left()
    await here.tutti(['cancel', 'deploy', '--by', 'ada'])
    const [name = ''] = await readdir(folder)
    const text = await readFile(join(folder, name), 'utf8')
    // The same thing once more, as by somebody who recorded it in the same moment.
    await writeFile(join(folder, name.replace(/-\d{4}-/, '-9999-')), text.replace('"key":"ada/', '"key":"grace/').replace('"by":"ada"', '"by":"grace"'))
    await writeFile(join(folder, 'zzz.json'), '{"v":2}')
    // A pipe that nobody writes to, which whoever reads it would wait for.
    execFileSync('mkfifo', [join(folder, 'zzzz.json')])
    await writeFile(join(here.dir, 'go'), '')
    const { stderr } = await here.tutti(['resume', id])
    expect(stderr).toMatch(/grace wanted at .* to cancel "deploy", which is not done: "deploy" was cancelled/)
    expect(stderr).toContain('is no wish that this version knows; it is left as it is')
    expect(await readdir(folder)).toEqual(['zzz.json', 'zzzz.json'])
  })

  it('is told what an attempt had asked when its conductor was killed', async () => {
    const here = await testWorkspace({})
    await here.write('plan.yaml', 'tasks:\n  - { id: paint, command: "until test -e go; do sleep 0.02; done" }\n')
    const killed = here.start(['run', 'plan.yaml'])
    await vi.waitFor(async () => expect((await here.run()).events.at(-1)?.type).toBe('attempt.started'), WAIT)
    killed.kill('SIGKILL')
    await killed
    const { path, events } = await here.run()
    const question = { kind: 'question', asks: [{ text: 'Which colour?', options: [{ label: 'Blue', description: 'as the sea' }, { label: 'Green' }] }] }
    await appendFile(join(path, 'events.jsonl'), `${JSON.stringify({ v: 1, seq: events.length + 1, at: new Date().toISOString(), type: 'gate.opened', task: 'paint', gate: 'question', attempt: 1, question, shown: 'h' })}\n`)
    const { stdout } = await here.tutti(['inbox'])
    expect(stdout).toContain('paint: asks: Which colour?')
    expect(stdout).toMatch(/1 Blue +as the sea/)
    expect(stdout).toContain('tutti answer paint "…"')
    expect((await here.tutti(['answer', 'paint', 'blue'])).stdout).toContain('recorded: answer "paint"')
    expect((await here.tutti(['inbox'])).stdout).toContain('nothing waits for you')
    await here.write('go', '')
    expect((await here.tutti(['resume'])).code).toBe(0)
    expect((await here.run()).events.find(({ type }) => type === 'gate.answered')).toMatchObject({ answer: 'replied', reply: { is: 'answered', answers: ['Blue'] } })
  })

  it('is named, while another one is conducted: that one is not touched', async () => {
    const { here, id } = await left()
    const conductor = await conducting(here)
    const other = await conductor.begin('tasks:\n  - { id: deploy, command: "true", requires_approval: true }\n')
    await stands(other, { deploy: 'held' })
    expect((await here.tutti(['approve', 'deploy', '--run', id])).stdout).toContain('another run is conducted here now; tutti stop ends that')
    expect(other.handle.state.tasks.get('deploy')?.state.status).toBe('held')
    expect((await here.tutti(['inbox', '--run', id])).stdout).toContain('recorded already: approve "deploy"')
  })

  it('is opened again by what is wanted of it, when it was over', async () => {
    const here = await testWorkspace({})
    await here.write('plan.yaml', 'tasks:\n  - { id: flaky, command: "test -e mended" }\n  - { id: behind, command: "true", depends_on: [flaky] }\n')
    expect((await here.tutti(['run', 'plan.yaml'])).code).toBe(1)
    await here.write('mended', '')
    expect((await here.tutti(['retry', 'flaky'])).stdout).toContain('recorded: do "flaky" again')
    expect((await here.tutti(['clean', '--days', '0'])).stderr).toContain('0 runs deleted')
    await here.write('runs/wishes/.DS_Store', 'what a file browser leaves')
    expect((await here.tutti(['resume'])).code).toBe(0)
    expect((await here.run()).manifest.counts).toMatchObject({ complete: 2 })
    expect((await here.tutti(['resume'])).stderr).toContain('there is no unfinished run')
    // So it is by whoever watches.
    await here.tutti(['rerun', 'behind'])
    void here.start(['watch', '--no-tui'])
    await vi.waitFor(async () => expect((await here.run()).manifest.tasks).toMatchObject([{ id: 'flaky', attempts: 2 }, { id: 'behind', attempts: 2, status: 'complete' }]), WAIT)
  })

  it('waits for a conductor that is about to take it up, and asks that one', async () => {
    const { here, id, folder } = await left()
    let release: () => void = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    // It holds the workspace, has not read what is recorded, and answers nobody yet.
    const conductor = conducting(here, { resume: id, hold: () => held })
    const approving = here.start(['approve', 'deploy'])
    await vi.waitFor(async () => expect(await readFile(join(here.dir, 'runs/conductor.lock'), 'utf8')).toContain(String(process.pid)), WAIT)
    release()
    const { run } = await conductor
    expect(await approving).toMatchObject({ exitCode: 0 })
    await stands(run, { deploy: 'complete' })
    expect(await readdir(folder).catch(() => [])).toEqual([])
    expect(run.handle.state.gates.size).toBeGreaterThan(0)
  })
})
