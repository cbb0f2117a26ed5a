import { describe, expect, it, vi } from 'vitest'
import { NO_PTY } from '../../pty/terminal.ts'
import { conducting, stands } from '../conducting.ts'
import { has, row, screenWorld } from './world.ts'

/*
 * The screen on a conductor in another process.
 */

const PLAN = `tasks:
  - { id: slow, command: "until test -e slow.go; do sleep 0.02; done" }
  - { id: deploy, command: "echo deployed", requires_approval: true }
`

describe.skipIf(NO_PTY !== undefined)(`tutti attach (${NO_PTY ?? 'in a real terminal'})`, () => {
  it('shows the run that is conducted elsewhere, and steers it; q only leaves', async () => {
    const world = await screenWorld()
    const conductor = await conducting(world)
    const run = await conductor.begin(PLAN)
    await stands(run, { deploy: 'held', slow: 'running' })
    const one = world.open(['attach', '--by', 'ada'])
    const two = world.open(['attach', '--by', 'grace'])
    for (const terminal of [one, two]) await terminal.until(row('●', 'slow'))
    // What has come to stand there just now is not approved by a key that was meant for something else.
    await vi.waitFor(
      () => {
        one.keys('a')
        expect(run.handle.state.tasks.get('deploy')?.state.status).toBe('complete')
      },
      { timeout: 15_000, interval: 500 },
    )
    expect((await world.run()).events.find(({ type }) => type === 'gate.answered')).toMatchObject({ by: 'ada', door: 'screen' })
    await two.until(row('✔', 'deploy'))
    one.keys('q')
    expect(await one.exit()).toEqual({ code: 0, signal: 0 })
    two.hangUp()
    await two.exit()
    expect(run.handle.state.phase.phase).toBe('open')
    await world.let('slow')
    expect((await run.finished).phase).toEqual({ phase: 'closed', status: 'succeeded' })
  })

  it('goes on to the next run, and says when the conductor is gone; what there is stays to be read', async () => {
    const world = await screenWorld()
    const conductor = await conducting(world)
    const first = await conductor.begin(PLAN.replace('slow', 'first').replace('slow.go', 'go'))
    await stands(first, { deploy: 'held' })
    const terminal = world.open(['attach'])
    await terminal.until(row('●', 'first'))
    await first.handle.send({ type: 'skip', task: 'deploy', by: 'ada' })
    await world.write('go', '')
    await first.finished
    const second = await conductor.begin(PLAN.replace('slow', 'second'))
    await stands(second, { second: 'running' })
    await terminal.until(row('●', 'second'))
    conductor.leave()
    await terminal.until(has('the conductor is gone'))
    expect(has('second')(terminal.screen())).toBe(true)
    terminal.keys('q')
    expect(await terminal.exit()).toEqual({ code: 0, signal: 0 })
  })

  it('is opened by tutti run where a conductor works', async () => {
    const world = await screenWorld()
    const conductor = await conducting(world)
    const run = await conductor.begin(PLAN)
    await world.write('more.yaml', 'tasks:\n  - { id: more, command: "until test -e more.go; do sleep 0.02; done" }\n')
    const terminal = world.open(['run', 'more.yaml'])
    await terminal.until(row('●', 'more'))
    expect(run.handle.state.tasks.get('more')?.state.status).toBe('running')
    terminal.keys('q')
    expect(await terminal.exit()).toEqual({ code: 0, signal: 0 })
  })
})
