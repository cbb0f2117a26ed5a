import { describe, expect, it } from 'vitest'
import { NO_PTY, type PtyTerminal } from '../../pty/terminal.ts'
import { has, row, screenWorld } from './world.ts'

const CLEAN = { buffer: 'normal', cursor: true, wraps: true, bracketedPaste: false, mouse: false }

/** The terminal is as it was found. */
function expectRestored(terminal: PtyTerminal): void {
  expect(terminal.modes()).toMatchObject(CLEAN)
  expect(terminal.isRaw()).toBe(false)
}

describe.skipIf(NO_PTY !== undefined)(`the screen is left (${NO_PTY ?? 'in a real terminal'})`, () => {
  it('by q, after a question: what runs can be resumed, and is summed up', async () => {
    const world = await screenWorld()
    const terminal = world.open(['run', 'plan.yaml'], { outlived: true })
    await terminal.until(row('✖', 'shaky'))
    terminal.keys('q')
    await terminal.until(has(/leave\? 2 at work {2}b leave running {2}e stop when they end {2}s stop now/))
    terminal.keys('s')
    expect(await terminal.exit()).toEqual({ code: 4, signal: 0 })
    expectRestored(terminal)
    expect(terminal.screen().join('\n')).toMatch(/go on with\s+tutti resume/)
  })

  it('by Ctrl+C, twice', async () => {
    const world = await screenWorld()
    const terminal = world.open(['run', 'plan.yaml'], { outlived: true })
    await terminal.until(row('●', 'build'))
    terminal.keys('\u0003')
    await terminal.until(has('leave?'))
    terminal.keys('\u0003')
    expect(await terminal.exit()).toEqual({ code: 4, signal: 0 })
    expectRestored(terminal)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s', async (signal, code) => {
    const world = await screenWorld({ execution: { max_concurrent: 4, stop_grace_s: 0.2 } })
    const terminal = world.open(['run', 'plan.yaml'], { outlived: true })
    await terminal.until(row('●', 'build'))
    terminal.signal(signal)
    expect(await terminal.exit()).toEqual({ code, signal: 0 })
    expectRestored(terminal)
    expect(terminal.screen().join('\n')).toContain('tutti resume')
    const { events } = await world.run()
    expect(events.at(-1)).toMatchObject({ type: 'run.stopped', reason: signal })
  })

  it.each(['SIGHUP', 'the terminal that goes away'])('by %s, and the run goes on to its end without it', async (what) => {
    const world = await screenWorld()
    const terminal = world.open(['run', 'plan.yaml', '--yes'], { outlived: true })
    await terminal.until(row('●', 'build'))
    if (what === 'SIGHUP') terminal.signal('SIGHUP')
    else terminal.hangUp()
    await expect.poll(() => world.read('runs/conductor.log').catch(() => ''), { timeout: 10_000 }).toContain('the terminal is gone, and the work goes on')
    if (what === 'SIGHUP') expectRestored(terminal)
    for (const task of ['build', 'side', 'shaky']) await world.let(task)
    await terminal.exit()
    const { events, manifest } = await world.run()
    expect(events.at(-1)).toMatchObject({ type: 'run.closed' })
    expect(manifest.counts['complete']).toBeGreaterThan(2)
    expect(await world.read('runs/conductor.log')).toMatch(/side\s+complete/)
  })

  it.each([
    ['an error that nobody catches', 'throw new Error("a bug")'],
    ['a rejection that nobody catches', 'Promise.reject(new Error("a bug"))'],
  ])('by %s: how to go on is said, and the stack', async (_, bug) => {
    const world = await screenWorld()
    await world.write('bug.mjs', `import { existsSync } from 'node:fs'\nif (process.argv[2] === 'run') setInterval(() => { if (existsSync('bug.go')) { ${bug} } }, 20).unref()\n`)
    const terminal = world.open(['run', 'plan.yaml'], { outlived: true, env: { NODE_OPTIONS: '--import ./bug.mjs' } })
    await terminal.until(row('●', 'build'))
    await world.let('bug')
    expect(await terminal.exit()).toEqual({ code: 1, signal: 0 })
    expectRestored(terminal)
    expect(terminal.screen().join('\n')).toMatch(/goes on with:\s+tutti resume/)
    expect(terminal.screen().join('\n')).toContain('a bug')
  })

  it('by itself at the end of the run, where nobody has pressed a key', async () => {
    const world = await screenWorld()
    for (const task of ['build', 'side', 'shaky']) await world.let(task)
    const terminal = world.open(['run', 'plan.yaml', '--yes'], { outlived: true })
    expect(await terminal.exit()).toEqual({ code: 0, signal: 0 })
    expectRestored(terminal)
    expect(terminal.screen().join('\n')).toContain('5 complete')
  })

  it('stays at the end of the run where somebody is there, until they leave', async () => {
    const world = await screenWorld()
    const terminal = world.open(['run', 'plan.yaml', '--yes'], { outlived: true })
    await terminal.until(row('●', 'build'))
    terminal.keys('j')
    for (const task of ['build', 'side']) await world.let(task)
    await terminal.until(has(/✖ failed/))
    expect(terminal.modes().buffer).toBe('alternate')
    terminal.keys('q')
    expect(await terminal.exit()).toEqual({ code: 1, signal: 0 })
    expectRestored(terminal)
  })

  it('not at all where there is no terminal for it, and says so', async () => {
    const world = await screenWorld()
    for (const task of ['build', 'side', 'shaky']) await world.let(task)
    const dumb = world.open(['run', 'plan.yaml', '--yes'], { env: { TERM: 'dumb' } })
    await dumb.until(has('no full-screen page here'))
    expect((await dumb.exit()).code).toBe(0)
    expect(dumb.modes().buffer).toBe('normal')
    const piped = await world.tutti(['run', 'plan.yaml', '--yes'])
    expect(piped.stderr).toContain('no full-screen page here: the output is no terminal')
  })

  it('not opened where lines are asked for: then the last line tells how far the run is', async () => {
    const world = await screenWorld()
    const terminal = world.open(['run', 'plan.yaml', '--no-tui'])
    await terminal.until(has('1 of 5 ended, 2 running'))
    await world.let('build')
    await terminal.until(has('2 of 5 ended, 1 running'))
  })

  it('not opened where lines are asked for', async () => {
    const world = await screenWorld()
    for (const task of ['build', 'side', 'shaky']) await world.let(task)
    const terminal = world.open(['run', 'plan.yaml', '--yes', '--no-tui'])
    expect((await terminal.exit()).code).toBe(0)
    expect(terminal.screen().join('\n')).not.toContain('no full-screen page')
  })
})
