import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { asConductor } from '../../src/app/lock.ts'
import { loadPlan } from '../../src/app/plans.ts'
import { startRun } from '../../src/app/run.ts'
import type { Leaving } from '../../src/app/screen.ts'
import type { Workspace } from '../../src/app/workspace.ts'
import { conductRun, type Begin } from '../../src/cli/conduct-run.ts'
import { watchOnScreen } from '../../src/cli/watch-on-screen.ts'
import { workspaceWith } from '../app/workspace.ts'
import { fakeScreen, type FakeScreen } from './fake-screen.ts'

const WAIT = { timeout: 10_000, interval: 10 }

/** Runs until the file `go` is there. */
const BLOCKED = '"until test -e go; do sleep 0.02; done"'

/** Begins the plan that lies in the workspace. */
const begin: Begin = async (workspace, listeners) => {
  const loading = await loadPlan(workspace, [join(workspace.dir, 'plan.yaml')], {})
  if (loading.result === 'broken') throw new Error(JSON.stringify(loading.problems))
  return startRun(workspace, loading.loaded, listeners)
}

/** What runs has a moment to come to its end when it is stopped, and not ten seconds. */
const SOON = { execution: { stop_grace_s: 0.2 } }
const NO_DOORS = { doors: {}, listen: undefined }

/** A run of these tasks, shown on a screen that the test leaves. */
/** @param isAttended whether somebody has pressed a key by the time the run begins */
async function onScreen(tasks: string, { isAttended = false } = {}) {
  const screen = fakeScreen()
  if (isAttended) screen.attend()
  const workspace = await workspaceWith(SOON)
  await writeFile(join(workspace.dir, 'plan.yaml'), `tasks:\n${tasks}`)
  const code = conductRun({ face: 'screen', open: screen.open }, workspace, begin, NO_DOORS)
  code.catch(() => {})
  await vi.waitFor(() => screen.run(), WAIT)
  return { screen, workspace, code, go: () => writeFile(join(workspace.dir, 'go'), ''), status: (task: string) => screen.run().state.tasks.get(task)?.state.status }
}

/** Nothing reaches the terminal while the screen has it. */
function expectSilenceBeforeClose({ journal }: FakeScreen): void {
  const closed = journal.indexOf('close')
  expect(closed).toBeGreaterThan(-1)
  expect(journal.slice(0, closed).filter((line) => /^(out|err) /.test(line))).toEqual([])
  expect(journal.filter((line) => line === 'close')).toHaveLength(1)
}

describe('a run on the screen', () => {
  it('is shown live, and when it is over the page closes by itself and says what it came to', async () => {
    const { screen, code, go, status } = await onScreen(`  - { id: slow, command: ${BLOCKED} }\n`)
    const heard: string[] = []
    screen.run().subscribe(({ type }) => heard.push(type))
    await vi.waitFor(() => expect(status('slow')).toBe('running'), WAIT)
    await go()
    expect(await code).toBe(0)
    expect(heard).toContain('run.closed')
    expectSilenceBeforeClose(screen)
    expect(screen.printed('out')).toContain('1 complete')
  })

  it('stays on the page when a person is there, until they leave', async () => {
    const { screen, code, go } = await onScreen(`  - { id: slow, command: ${BLOCKED} }\n`, { isAttended: true })
    await go()
    await vi.waitFor(() => expect(screen.run().state.phase.phase).toBe('closed'), WAIT)
    await new Promise(setImmediate)
    expect(screen.journal).not.toContain('close')
    screen.leave({ why: 'quit', how: 'now' })
    expect(await code).toBe(0)
    expectSilenceBeforeClose(screen)
  })

  it('waits for a person where a task does, and goes on when they say yes', async () => {
    const { screen, code, status } = await onScreen('  - { id: deploy, command: "true", requires_approval: true }\n')
    await vi.waitFor(() => expect(status('deploy')).toBe('held'), WAIT)
    expect(await screen.run().send?.({ type: 'approve', task: 'nobody', by: 'test' })).toMatchObject({ problems: [{ message: expect.stringContaining('nobody') as string }] })
    expect(await screen.run().send?.({ type: 'approve', task: 'deploy', by: 'test' })).toBeUndefined()
    expect(await code).toBe(0)
  })

  it('is interrupted when a person quits: 4, with what to go on with', async () => {
    const { screen, code, status } = await onScreen(`  - { id: slow, command: ${BLOCKED} }\n  - { id: next, command: "true", depends_on: [slow] }\n`)
    await vi.waitFor(() => expect(status('slow')).toBe('running'), WAIT)
    screen.leave({ why: 'quit', how: 'now' })
    expect(await code).toBe(4)
    expectSilenceBeforeClose(screen)
    expect(screen.journal).toContain('tell note: ending what runs; it takes a few seconds at most')
    expect(screen.printed('out')).toContain(`tutti resume ${screen.run().folder.id}`)
  })

  it('is left in good order by who leaves it while it is being opened again', async () => {
    const { screen, code, go } = await onScreen('  - { id: shaky, command: "test -e go || exit 1; until test -e on; do sleep 0.02; done" }\n', { isAttended: true })
    await vi.waitFor(() => expect(screen.run().state.phase.phase).toBe('closed'), WAIT)
    await go()
    void screen.run().send?.({ type: 'retry', task: 'shaky', by: 'test', descendants: false })
    screen.leave({ why: 'quit', how: 'now' })
    expect(await code).toBe(4)
    expect(screen.run().state.phase).toMatchObject({ phase: 'stopped', reason: 'quit' })
    expect(screen.printed('out')).toContain(`tutti resume ${screen.run().folder.id}`)
  })

  it('takes in all that is wanted again at once, however fast the first of it is done', async () => {
    const { screen, code, go } = await onScreen('  - { id: a, command: "test -e go" }\n  - { id: b, command: "test -e go" }\n', { isAttended: true })
    await vi.waitFor(() => expect(screen.run().state.phase.phase).toBe('closed'), WAIT)
    const over = screen.run()
    await go()
    for (const task of ['a', 'b']) {
      expect(await over.send?.({ type: 'retry', task, by: 'test', descendants: false })).toBeUndefined()
      await vi.waitFor(() => expect(screen.run().state.phase.phase).toBe('closed'), WAIT)
    }
    screen.leave({ why: 'quit', how: 'now' })
    expect(await code).toBe(0)
  })

  it('says what the disk refused, also of a run that was opened again', async () => {
    const { screen, workspace, code, go } = await onScreen('  - { id: shaky, command: "test -e go || exit 1; until test -e on; do sleep 0.02; done" }\n', { isAttended: true })
    await vi.waitFor(() => expect(screen.run().state.phase.phase).toBe('closed'), WAIT)
    await go()
    await screen.run().send?.({ type: 'retry', task: 'shaky', by: 'test', descendants: false })
    await vi.waitFor(() => expect(screen.run().state.counts.running).toBe(1), WAIT)
    const { path } = screen.run().folder
    await rename(path, join(workspace.dir, 'deleted'))
    await writeFile(path, '')
    await writeFile(join(workspace.dir, 'on'), '')
    await expect(code).rejects.toThrow('ENOTDIR')
    expectSilenceBeforeClose(screen)
  })

  it.each<[string, Leaving, number]>([
    ['SIGTERM', { why: 'signal', signal: 'SIGTERM' }, 143],
    ['SIGINT', { why: 'signal', signal: 'SIGINT' }, 130],
  ])('is interrupted by %s', async (_, leaving, expected) => {
    const { screen, code, status } = await onScreen(`  - { id: slow, command: ${BLOCKED} }\n`)
    await vi.waitFor(() => expect(status('slow')).toBe('running'), WAIT)
    screen.leave(leaving)
    expect(await code).toBe(expected)
    expectSilenceBeforeClose(screen)
    expect(screen.run().state.phase).toMatchObject({ phase: 'stopped' })
  })

  it('goes on to its end when the terminal goes away, and says into its log what it would have said', async () => {
    const { screen, workspace, code, status, go } = await onScreen(`  - { id: slow, command: ${BLOCKED} }\n`)
    await vi.waitFor(() => expect(status('slow')).toBe('running'), WAIT)
    screen.leave({ why: 'gone' })
    await vi.waitFor(async () => expect(await readFile(join(workspace.runs, 'conductor.log'), 'utf8')).toContain('the terminal is gone, and the work goes on'), WAIT)
    await go()
    expect(await code).toBe(0)
    expect(await readFile(join(workspace.runs, 'conductor.log'), 'utf8')).toMatch(/slow +complete/)
  })

  it('is ended before anything is said to a terminal that may take nothing', async () => {
    const { screen, code, status } = await onScreen(`  - { id: slow, command: ${BLOCKED} }\n`)
    await vi.waitFor(() => expect(status('slow')).toBe('running'), WAIT)
    screen.run().subscribe(({ type }) => screen.journal.push(type))
    process.emitWarning('something beside the run')
    screen.leave({ why: 'signal', signal: 'SIGTERM' })
    expect(await code).toBe(143)
    const said = screen.journal.findIndex((line) => /^(out|err) /.test(line))
    expect(said).toBeGreaterThan(screen.journal.indexOf('run.stopped'))
    expect(screen.journal).toContain('run.stopped')
  })

  it('goes on without the screen when that breaks, and says with what', async () => {
    const { screen, code, status, go } = await onScreen(`  - { id: slow, command: ${BLOCKED} }\n`)
    await vi.waitFor(() => expect(status('slow')).toBe('running'), WAIT)
    screen.leave({ why: 'broken', error: new Error('the pane fell off') })
    await vi.waitFor(() => expect(screen.printed('err')).toContain('error: the full-screen page broke: the pane fell off'), WAIT)
    await go()
    expect(await code).toBe(0)
    expectSilenceBeforeClose(screen)
    expect(screen.printed('out')).toMatch(/slow +complete/)
  })

  it('goes on when what listens for the screen breaks', async () => {
    const { screen, code, status, go } = await onScreen(`  - { id: slow, command: ${BLOCKED} }\n`)
    await vi.waitFor(() => expect(status('slow')).toBe('running'), WAIT)
    screen.run().subscribe(() => {
      throw new Error('a model is out of step')
    })
    await go()
    expect(await code).toBe(0)
    expect(screen.printed('err')).toContain('error: the full-screen page broke: a model is out of step')
  })

  it('goes on when the screen cannot show it at all', async () => {
    const screen = fakeScreen()
    const workspace = await workspaceWith(SOON)
    await writeFile(join(workspace.dir, 'plan.yaml'), 'tasks:\n  - { id: quick, command: "true" }\n')
    const open: typeof screen.open = async (options) => {
      const opened = await screen.open(options)
      const show = () => {
        throw new Error('it does not fit')
      }
      return { ...opened, show }
    }
    const code = conductRun({ face: 'screen', open }, workspace, begin, NO_DOORS)
    expect(await code).toBe(0)
    expect(screen.printed('err')).toContain('error: the full-screen page broke: it does not fit')
    expect(screen.printed('out')).toContain('1 complete')
  })

  it('gives the terminal back when the run cannot begin', async () => {
    const screen = fakeScreen()
    await expect(conductRun({ face: 'screen', open: screen.open }, await workspaceWith(), () => Promise.reject(new Error('the disk is full')), NO_DOORS)).rejects.toThrow('the disk is full')
    expect(screen.journal).toEqual(['close'])
  })

  it('tells its warnings there, and once more when the page has closed', async () => {
    const screen = fakeScreen()
    const workspace = await workspaceWith(SOON)
    const code = conductRun({ face: 'screen', open: screen.open }, workspace, async (chosen, listeners) => {
      await writeFile(join(workspace.dir, 'plan.yaml'), 'tasks:\n  - { id: quick, command: "true" }\n')
      return { ...(await begin(chosen, listeners)), warnings: [{ file: 'runs/ledger', message: 'is old' }] }
    }, NO_DOORS)
    expect(await code).toBe(0)
    expect(screen.journal).toContain('tell warning: runs/ledger: is old')
    expectSilenceBeforeClose(screen)
    expect(screen.printed('err')).toContain('warning: runs/ledger: is old')
  })
})

it('what Node warns of is told on the screen, and on stderr again when it has closed', async () => {
  const { screen, code, status, go } = await onScreen(`  - { id: slow, command: ${BLOCKED} }\n`)
  await vi.waitFor(() => expect(status('slow')).toBe('running'), WAIT)
  process.emitWarning('too many of them')
  await vi.waitFor(() => expect(screen.journal).toContain('tell warning: Warning: too many of them'), WAIT)
  await go()
  await code
  expectSilenceBeforeClose(screen)
  expect(screen.printed('err')).toContain('warning: Warning: too many of them')
})

it('what a package writes by itself is told on the screen, and what it warned of once more when it has closed', async () => {
  const { screen, code, status, go } = await onScreen(`  - { id: slow, command: ${BLOCKED} }\n`)
  await vi.waitFor(() => expect(status('slow')).toBe('running'), WAIT)
  const isWritten = new Promise<void>((resolve) => process.stdout.write('checking for updates\n', () => resolve()))
  process.stderr.write('this model will reach its end of life\nmove to another\n')
  await isWritten
  expect(screen.journal).toContain('tell note: checking for updates')
  expect(screen.journal).toContain('tell warning: this model will reach its end of life move to another')
  await go()
  expect(await code).toBe(0)
  expectSilenceBeforeClose(screen)
  expect(screen.printed('err')).toContain('warning: this model will reach its end of life')
})

describe('a workspace that is watched on the screen', () => {
  async function watched() {
    const screen = fakeScreen()
    const workspace = await workspaceWith(SOON)
    const opened = await screen.open({ workspace, waiting: '' })
    const staying: Workspace = { ...workspace, settings: { ...workspace.settings, when_held: 'stay' } }
    const code = asConductor(workspace, () => watchOnScreen(opened, staying, NO_DOORS)).then((conducted) => ('result' in conducted ? conducted.result : conducted.problem))
    code.catch(() => {})
    const drop = async (name: string, text: string) => {
      await vi.waitFor(() => readFile(join(workspace.dir, 'tasks/pending', '.')).catch((error: NodeJS.ErrnoException) => expect(error.code).toBe('EISDIR')), WAIT)
      await writeFile(join(workspace.dir, 'tasks', name), text)
    }
    return { screen, workspace, code, drop }
  }

  it('shows each run as it begins, and leaves with 0 where nothing is left to do', async () => {
    const { screen, code, drop } = await watched()
    await drop('first.md', '---\ncommand: "true"\n---\n')
    await vi.waitFor(() => expect(screen.run().state.phase.phase).toBe('closed'), WAIT)
    const first = screen.run()
    await drop('second.md', '---\ncommand: "true"\n---\n')
    await vi.waitFor(() => expect(screen.run()).not.toBe(first), WAIT)
    await vi.waitFor(() => expect(screen.run().state.phase.phase).toBe('closed'), WAIT)
    screen.leave({ why: 'quit', how: 'now' })
    expect(await code).toBe(0)
    expectSilenceBeforeClose(screen)
    expect(screen.printed('out')).toContain('1 complete')
  })

  it('leaves with 4 where a run was interrupted by it, and with 143 on SIGTERM', async () => {
    for (const [leaving, expected] of [[{ why: 'quit', how: 'now' }, 4], [{ why: 'signal', signal: 'SIGTERM' }, 143]] as const) {
      const { screen, code, drop } = await watched()
      await drop('slow.md', `---\ncommand: ${BLOCKED}\n---\n`)
      await vi.waitFor(() => expect(screen.run().state.counts.running).toBe(1), WAIT)
      screen.leave(leaving)
      expect(await code).toBe(expected)
    }
  })

  it('does a task again at the very moment at which its run is over', async () => {
    const { screen, code, drop } = await watched()
    await drop('first.md', '---\ncommand: "false"\n---\n')
    await vi.waitFor(() => screen.run(), WAIT)
    const run = screen.run()
    const refusal = await new Promise((resolve) => {
      const again = () => resolve(run.send?.({ type: 'retry', task: 'first', by: 'test', descendants: false }))
      if (run.state.phase.phase === 'closed') again()
      else run.subscribe(({ type }) => type === 'run.closed' && again())
    })
    expect(refusal).toBeUndefined()
    await vi.waitFor(() => expect(screen.run()).not.toBe(run), WAIT)
    screen.leave({ why: 'quit', how: 'now' })
    expect(await code).toBeTypeOf('number')
  })

  it('goes on when a run cannot be opened again, and says why', async () => {
    const { screen, workspace, code, drop } = await watched()
    await drop('first.md', '---\ncommand: "false"\n---\n')
    await vi.waitFor(() => expect(screen.run().state.phase.phase).toBe('closed'), WAIT)
    const over = screen.run()
    await vi.waitFor(() => readFile(over.folder.manifest, 'utf8').then((text) => expect(text).toContain('"failed"')), WAIT)
    await rename(over.folder.path, join(workspace.dir, 'deleted'))
    await expect(over.send?.({ type: 'retry', task: 'first', by: 'test', descendants: false })).rejects.toThrow('ENOENT')
    await drop('second.md', '---\ncommand: "true"\n---\n')
    await vi.waitFor(() => expect(screen.run()).not.toBe(over), WAIT)
    await vi.waitFor(() => expect(screen.run().state.phase.phase).toBe('closed'), WAIT)
    screen.leave({ why: 'quit', how: 'now' })
    expect(await code).toBe(0)
  })

  it('tells of a file that is wrong', async () => {
    const { screen, code, drop } = await watched()
    await drop('wrong.md', '---\ndepends_on: [nobody]\n---\nGo on.\n')
    await vi.waitFor(() => expect(screen.journal.join('\n')).toContain('"wrong" depends on "nobody"'), WAIT)
    screen.leave({ why: 'quit', how: 'now' })
    expect(await code).toBe(0)
    expectSilenceBeforeClose(screen)
  })
})
