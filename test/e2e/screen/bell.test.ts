import { describe, expect, it, vi } from 'vitest'
import { NO_PTY } from '../../pty/terminal.ts'
import { has, row, screenWorld } from './world.ts'

const SOON = { timeout: 10_000, interval: 20 }
const ITERM = { env: { TERM_PROGRAM: 'iTerm.app' } }

describe.skipIf(NO_PTY !== undefined)(`a task that begins to wait for a person (${NO_PTY ?? 'in a real terminal'})`, () => {
  it('rings on the page, with a notice, and draws nothing over it', async () => {
    const world = await screenWorld()
    const terminal = world.open(['run', 'plan.yaml'], ITERM)
    await terminal.until(row('●', 'build'))
    expect(terminal.alerts()).toEqual({ bells: 0, notices: [] })
    await world.let('build')
    await terminal.until(row('⏸', 'deploy'))
    await vi.waitFor(() => expect(terminal.alerts()).toEqual({ bells: 1, notices: ['Tutti: "deploy" waits for approval'] }), SOON)
    expect(terminal.screen().join('\n')).not.toContain('Tutti: "deploy"')
  })

  it('rings where lines are told', async () => {
    const world = await screenWorld()
    const terminal = world.open(['run', 'plan.yaml', '--no-tui'], ITERM)
    await world.let('build')
    await vi.waitFor(() => expect(terminal.alerts()).toEqual({ bells: 1, notices: [] }), SOON)
  })

  it('is silent where the configuration wishes it', async () => {
    const world = await screenWorld({ screen: { bell: false } })
    await Promise.all(['build', 'side', 'shaky'].map((task) => world.let(task)))
    const page = world.open(['run', 'plan.yaml'], ITERM)
    await page.until(has(/waiting for you [1-9]s/))
    expect(page.alerts()).toEqual({ bells: 0, notices: [] })
    page.keys('q')
    await page.until(has('leave?'))
    page.keys('s')
    await page.exit()
    const lines = world.open(['run', 'plan.yaml', '--no-tui'], ITERM)
    await lines.exit()
    expect(lines.alerts()).toEqual({ bells: 0, notices: [] })
  })
})
