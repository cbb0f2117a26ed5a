import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NO_PTY, startInPty } from '../../pty/terminal.ts'
import { has, row, screenWorld } from './world.ts'

const NO_SHELL = NO_PTY ?? (existsSync('/bin/bash') ? undefined : 'there is no bash, whose jobs this is about')

describe.skipIf(NO_SHELL !== undefined)(`a page that is left while the work goes on (${NO_SHELL ?? 'in a real shell'})`, () => {
  it('gives the shell its prompt back; the run goes on in the background, and outlives the shell', async () => {
    const world = await screenWorld()
    const terminal = startInPty(['/bin/bash', '--norc', '--noprofile', '-i'], { cwd: world.dir, columns: 120, rows: 34, env: { PS1: 'prompt> ' } })
    await terminal.until(has('prompt> '))
    terminal.keys(`'${process.execPath}' '${resolve('dist/main.js')}' run plan.yaml --yes\r`)
    await terminal.until(row('●', 'build'))
    terminal.keys('q')
    await terminal.until(has('b leave running'))
    terminal.keys('b')
    await terminal.until(has('the work goes on in the background'))
    // The shell ends jobs that it takes for stopped.
    await terminal.until(has('Stopped'))
    await expect.poll(() => (terminal.keys('jobs\r'), terminal.screen().join('')), { timeout: 10_000, interval: 300 }).toMatch(/Running .*run plan\.yaml/)
    terminal.hangUp()
    for (const task of ['build', 'side', 'shaky']) await world.let(task)
    await expect.poll(async () => (await world.run()).events.at(-1)?.type, { timeout: 15_000 }).toBe('run.closed')
    expect(await world.read('runs/conductor.log')).toMatch(/build +complete/)
  })

  it('is looked at from another terminal when the line of the first has dropped: what goes on is shown as it happens', async () => {
    const world = await screenWorld()
    const first = world.open(['run', 'plan.yaml', '--yes'], { outlived: true })
    await first.until(row('●', 'build'))
    first.hangUp()
    const second = world.open(['attach'])
    await second.until(row('●', 'build'))
    await world.let('build')
    await second.until(row('✔', 'tell'))
    for (const task of ['side', 'shaky']) await world.let(task)
    await expect.poll(async () => (await world.run()).events.at(-1)?.type, { timeout: 15_000 }).toBe('run.closed')
    await second.until(row('✔', 'side'))
    expect((await world.run()).manifest.counts).toEqual({ complete: 4, failed: 1 })
    second.keys('q')
    await second.exit()
  })

  it('lets what runs come to its end, starts nothing more, and can be resumed', async () => {
    const world = await screenWorld()
    const terminal = startInPty([process.execPath, resolve('dist/main.js'), 'run', 'plan.yaml', '--yes'], { cwd: world.dir, columns: 120, rows: 34, outlived: true })
    await terminal.until(row('✖', 'shaky'))
    terminal.keys('qe')
    await terminal.until(has('nothing more is started; Ctrl-C interrupts it'))
    for (const task of ['build', 'side']) await world.let(task)
    expect(await terminal.exit()).toEqual({ code: 4, signal: 0 })
    const { manifest } = await world.run()
    expect(manifest.counts).toEqual({ complete: 2, failed: 1, ready: 1, waiting: 1 })
  })
})
