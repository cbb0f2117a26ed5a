import { describe, expect, it, vi } from 'vitest'
import { NO_PTY } from '../../pty/terminal.ts'
import { has, lacks, row, screenWorld } from './world.ts'

/** What is on disk follows what is on the screen after a moment. */
const SOON = { timeout: 10_000, interval: 50 }

describe.skipIf(NO_PTY !== undefined)(`a run on the screen (${NO_PTY ?? 'in a real terminal'})`, () => {
  it('is approved, and goes on', async () => {
    const world = await screenWorld()
    const terminal = world.open(['run', 'plan.yaml'])
    await terminal.until(row('●', 'build'))
    await world.let('build')
    await terminal.until(row('⏸', 'deploy'))
    terminal.keys(':go deploy\r')
    await terminal.until(has('approval — press a'))
    terminal.keys('a')
    await terminal.until(row('✔', 'tell'))
    await vi.waitFor(async () => expect(await world.statusOf('deploy')).toBe('complete'), SOON)
  })

  it('is paused, and goes on', async () => {
    const world = await screenWorld()
    const terminal = world.open(['run', 'plan.yaml', '--yes'])
    await terminal.until(row('●', 'build'))
    terminal.keys('p')
    await terminal.until(has('paused'))
    await world.let('build')
    await terminal.until(row('✔', 'build'))
    expect(terminal.screen().join('\n')).not.toMatch(/[●✔] deploy/)
    terminal.keys('p')
    await terminal.until(row('✔', 'tell'))
  })

  it('does without a task that is skipped, and what depends on it goes on', async () => {
    const world = await screenWorld()
    const terminal = world.open(['run', 'plan.yaml'])
    await terminal.until(row('○', 'deploy'))
    terminal.keys(':skip deploy\r')
    await terminal.until(row('↷', 'deploy'))
    await world.let('build')
    await terminal.until(row('✔', 'tell'))
  })

  it('asks before it cancels what runs, and ends it', async () => {
    const world = await screenWorld()
    const terminal = world.open(['run', 'plan.yaml'])
    await terminal.until(row('●', 'side'))
    terminal.keys(':go side\rc')
    await terminal.until(has('cancel "side"'))
    terminal.keys('n')
    await terminal.until(lacks('cancel "side"'))
    terminal.keys('cy')
    await terminal.until(row('■', 'side'))
  })

  it('does a task again that failed', async () => {
    const world = await screenWorld()
    const terminal = world.open(['run', 'plan.yaml'])
    await terminal.until(row('✖', 'shaky'))
    await world.let('shaky')
    terminal.keys(':go shaky\rr')
    await terminal.until(row('✔', 'shaky'))
  })

  it('is opened again when a task of it is done again after its end', async () => {
    const world = await screenWorld()
    const terminal = world.open(['run', 'plan.yaml', '--yes'])
    await terminal.until(row('●', 'side'))
    terminal.keys('G')
    await Promise.all(['build', 'side'].map((task) => world.let(task)))
    await terminal.until(has('failed'))
    await vi.waitFor(async () => expect((await world.run()).manifest.status).toBe('failed'), SOON)
    await world.let('shaky')
    terminal.keys(':retry shaky\r')
    await terminal.until(row('✔', 'shaky'))
    await vi.waitFor(async () => expect((await world.run()).manifest.status).toBe('succeeded'), SOON)
    terminal.keys('q')
    expect((await terminal.exit()).code).toBe(0)
  })

  it('shows only what a filter lets through', async () => {
    const world = await screenWorld()
    const terminal = world.open(['run', 'plan.yaml'])
    await terminal.until(row('✖', 'shaky'))
    terminal.keys('/status:failed')
    await terminal.until(has(/queue · 1 of 5 · filter "status:failed".*\n.*\n│  ✖ shaky/))
    terminal.keys('\r\u001b')
    await terminal.until(has('queue · 5 tasks'))
  })

  it('opens a page for a task, the inbox, the costs and the help, and goes back', async () => {
    const world = await screenWorld()
    const terminal = world.open(['run', 'plan.yaml'], { columns: 80, rows: 24 })
    await terminal.until(row('✖', 'shaky'))
    terminal.keys(':go shaky\r\r')
    await terminal.until(has(/task shaky.*Esc back/))
    terminal.keys('\u001b')
    await terminal.until(has('queue'))
    for (const [key, title] of [['i', 'inbox'], ['$', 'cost'], ['H', 'runs'], ['?', 'help']] as const) {
      terminal.keys(key)
      await terminal.until(has(new RegExp(`─ ${title}.*Esc back`)))
      terminal.keys('\u001b')
      await terminal.until(has('─ queue'))
    }
  })

  it('hands a task file to $EDITOR and takes the screen back', async () => {
    const world = await screenWorld()
    const editor = await world.write('editor.sh', '#!/bin/sh\necho "editing $1"\nread line\necho "# $line" >> "$1"\n')
    const terminal = world.open(['run', 'plan.yaml'], { env: { EDITOR: `sh ${editor}` } })
    await terminal.until(row('●', 'build'))
    terminal.keys(':go build\re')
    await terminal.until(has(/editing .*plan.yaml/))
    expect(terminal.modes().buffer).toBe('normal')
    terminal.keys('a line from the editor\r')
    await terminal.until(row('●', 'build'))
    expect(terminal.modes().buffer).toBe('alternate')
    expect(await world.read('plan.yaml')).toContain('# a line from the editor')
  })

  it('is clean after a storm of sizes', async () => {
    const world = await screenWorld()
    const terminal = world.open(['run', 'plan.yaml'])
    await terminal.until(row('✖', 'shaky'))
    for (let i = 0; i < 30; i++) terminal.resize(40 + ((i * 37) % 160), 8 + ((i * 13) % 50))
    terminal.resize(100, 30)
    await terminal.until((screen) => screen.length === 30 && has(/q quit/)(screen.slice(29)) && row('✖', 'shaky')(screen))
    const before = terminal.screen().slice(2)
    terminal.keys('\f')
    await terminal.until((screen) => screen.slice(2).join('\n') === before.join('\n'))
  })

  it('is opened again under watch too, and its file is put where it belongs', async () => {
    const world = await screenWorld()
    await world.write('tasks/shaky.yaml', 'tasks:\n  - { id: shaky, command: "test -e shaky.go" }\n')
    const terminal = world.open(['watch'])
    await terminal.until(row('✖', 'shaky'))
    await vi.waitFor(async () => expect(await world.list('tasks/failed')).toEqual(['shaky.yaml']), SOON)
    await world.let('shaky')
    terminal.keys('r')
    await terminal.until(row('✔', 'shaky'))
    await vi.waitFor(async () => expect(await world.list('tasks/completed')).toEqual(['shaky.yaml']), SOON)
    expect((await world.list('runs')).filter((name) => /^\d{8}-/.test(name))).toHaveLength(1)
    terminal.keys('q')
    expect((await terminal.exit()).code).toBe(0)
  })
})
