import { describe, expect, it, vi } from 'vitest'
import type { ShownRun } from '../../src/app/screen.ts'
import { createPerform, type World } from '../../src/tui/perform.ts'
import type { Notice } from '../../src/tui/ui.ts'
import { storyRun } from '../story/story-run.ts'

/** A world in which everything works, and what was told in it. */
function world(more: Partial<World> = {}) {
  const told: Notice[] = []
  const run = storyRun({ at: 225 })
  const perform = createPerform({
    dir: '/workspace',
    shown: () => run,
    openRun: () => Promise.resolve(run),
    show: () => {},
    showConducted: () => {},
    tell: (notice) => told.push(notice),
    copy: () => ({}),
    edit: () => Promise.resolve(undefined),
    suspend: () => {},
    redraw: () => {},
    leave: () => {},
    ...more,
  })
  return { perform, run, told }
}

const approve = (task: string) => ({ type: 'approve', task, by: 'the screen' }) as const

describe('what keys ask for', () => {
  it('is done, and said', async () => {
    const { perform, run, told } = world()
    perform({ effect: 'send', intents: [approve('schema')], done: 'approved "schema"' })
    await vi.waitFor(() => expect(told).toEqual([{ kind: 'note', text: 'approved "schema"' }]))
    expect(run.state.tasks.get('schema')?.state.status).toBe('ready')
  })

  it('is refused with the reason, and what could be done is done', async () => {
    const { perform, run, told } = world()
    perform({ effect: 'send', intents: [approve('builder'), approve('schema')], done: 'approved 2 tasks' })
    await vi.waitFor(() => expect(told).toEqual([{ kind: 'warning', text: '"builder" is running: there is nothing to approve' }]))
    expect(run.state.tasks.get('schema')?.state.status).toBe('ready')
  })

  it('is wished of the run that was looked at, whatever is shown meanwhile', async () => {
    const next = storyRun({ at: 225 })
    let shown: ShownRun | undefined
    const { perform, run, told } = world({ shown: () => shown })
    shown = run
    perform({ effect: 'send', intents: [approve('schema'), approve('builder')], done: '' })
    shown = next
    await vi.waitFor(() => expect(told).toHaveLength(1))
    expect({ looked_at: run.sent, next: next.sent }).toEqual({ looked_at: [approve('schema'), approve('builder')], next: [] })
  })

  it('is told when it breaks, and nothing else does', async () => {
    const { perform, told } = world({ openRun: () => Promise.reject(new Error('the disk is gone')) })
    perform({ effect: 'open-run', run: 'last' })
    await vi.waitFor(() => expect(told).toEqual([{ kind: 'error', text: 'the disk is gone' }]))
  })

  it('opens a task file where it lies in the workspace', async () => {
    const edited: string[] = []
    const { perform } = world({
      edit: (path) => {
        edited.push(path)
        return Promise.resolve(undefined)
      },
    })
    perform({ effect: 'edit', file: 'tasks/plan.yaml' })
    perform({ effect: 'edit', file: '/elsewhere/plan.yaml' })
    await vi.waitFor(() => expect(edited).toEqual(['/workspace/tasks/plan.yaml', '/elsewhere/plan.yaml']))
  })

  it('says what has to be known of a copy', () => {
    const hinted = world({ copy: () => ({ hint: 'if it did not arrive: tmux set -s set-clipboard on' }) })
    hinted.perform({ effect: 'copy', text: 'schema', what: '"schema"' })
    expect(hinted.told).toEqual([{ kind: 'note', text: 'copied "schema"; if it did not arrive: tmux set -s set-clipboard on' }])
    const impossible = world({ copy: () => ({ problem: 'the Linux console has no clipboard' }) })
    impossible.perform({ effect: 'copy', text: 'schema', what: '"schema"' })
    expect(impossible.told).toEqual([{ kind: 'warning', text: 'the Linux console has no clipboard' }])
  })

  it.each(['leave', 'drain', 'now'] as const)('leaves as it was asked to: %s', (how) => {
    const left: unknown[] = []
    world({ leave: (leaving) => void left.push(leaving) }).perform({ effect: 'quit', how })
    expect(left).toEqual([{ why: 'quit', how }])
  })

  it('is not said to be done where a run can only be looked at', () => {
    const { perform, told } = world({ shown: () => storyRun({ at: 225, is: 'recorded' }) })
    perform({ effect: 'send', intents: [approve('schema')], done: 'approved "schema"' })
    expect(told).toEqual([{ kind: 'warning', text: 'this run can only be looked at' }])
  })
})
