import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { runFolder } from '../../../src/store/run-folder.ts'
import { storyRun } from '../../story/story-run.ts'
import { storyScreen } from '../story-screen.ts'

/** Another run of the same tasks. */
const nextRun = () => Object.assign(storyRun({ at: 225 }), { folder: runFolder('runs', 'next') })

describe('keys that steer', () => {
  it('approve the task that is selected', async () => {
    const { type, press, run, told } = await storyScreen()
    type(':go schema')
    press('enter', 'a')
    expect(run.sent).toMatchObject([{ type: 'approve', task: 'schema', by: 'a person', door: 'screen' }])
    expect(run.state.tasks.get('schema')?.state.status).toBe('ready')
    expect(told()).toBeUndefined()
  })

  it('say why they cannot act now', async () => {
    const { type, press, run, told } = await storyScreen()
    type(':go builder')
    press('enter', 'a')
    expect(told()).toBe('"builder" is running: there is nothing to approve; i shows what waits for you')
    expect(run.sent).toEqual([])
  })

  it('ask before they destroy, and do nothing on no', async () => {
    const { type, press, run, told } = await storyScreen()
    type(':go builder')
    press('enter', 'c')
    expect(told()).toBe('cancel "builder" while it runs? what needs it is blocked')
    press('n')
    expect(run.sent).toEqual([])
    press('c', 'y')
    expect(run.sent).toEqual([{ type: 'cancel', task: 'builder', by: 'a person', door: 'screen' }])
  })

  it('do nothing to a task that has come to stand there by itself just now', async () => {
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => now)
    onTestFinished(() => void vi.restoreAllMocks())
    const { store, press, run, told } = await storyScreen({ at: 38 })
    expect(store.glance().ui.selected).toBe('research')
    now = 10_000
    run.goOn(39)
    press('s')
    expect(told()).toBe('what stands here has just changed: look, and press again')
    now += 500
    press('s', 'y')
    expect(run.sent).toEqual([{ type: 'skip', task: 'architect', by: 'a person', door: 'screen' }])
  })

  it('do nothing but on a clear yes', async () => {
    const { type, press, run, told } = await storyScreen()
    type(':go builder')
    press('enter')
    for (const key of ['enter', 'ctrl+c', 'c', 'q', 'esc']) {
      press('c', key)
      expect(told()).not.toBe('cancel "builder" while it runs? what needs it is blocked')
      press('esc')
    }
    expect(run.sent).toEqual([])
  })

  it('skip a task that has not started without a question', async () => {
    const { type, press, run } = await storyScreen()
    type(':go qa')
    press('enter', 's')
    expect(run.sent).toEqual([{ type: 'skip', task: 'qa', by: 'a person', door: 'screen' }])
    expect(run.state.tasks.get('qa')?.state.status).toBe('skipped')
  })

  it('act on all tasks that are marked, after one question', async () => {
    const { type, press, run, told } = await storyScreen()
    for (const id of ['qa', 'auth', 'architect']) {
      type(`:go ${id}`)
      press('enter', 'space')
    }
    press('c')
    expect(told()).toBe('cancel 2 tasks? what needs them is blocked')
    press('y')
    expect(run.sent).toEqual([
      { type: 'cancel', task: 'qa', by: 'a person', door: 'screen' },
      { type: 'cancel', task: 'auth', by: 'a person', door: 'screen' },
    ])
  })

  it('act once on what is marked: what comes next is about the selected task again', async () => {
    const { type, press, run } = await storyScreen()
    for (const id of ['qa', 'auth']) {
      type(`:go ${id}`)
      press('enter', 'space')
    }
    press('c', 'n', 'c', 'y')
    type(':go screenshots')
    press('enter', 'r')
    expect(run.sent.map((wish) => ({ type: wish.type, ...('task' in wish ? { task: wish.task } : {}) }))).toEqual([
      { type: 'cancel', task: 'qa' },
      { type: 'cancel', task: 'auth' },
      { type: 'retry', task: 'screenshots' },
    ])
  })

  it('leave alone what is marked and a filter hides', async () => {
    const { type, press, told } = await storyScreen()
    for (const id of ['qa', 'auth', 'builder']) {
      type(`:go ${id}`)
      press('enter', 'space')
    }
    type('/builder')
    press('enter', 'c')
    expect(told()).toBe('cancel "builder" while it runs? what needs it is blocked')
    press('n')
    type('/ that no task is called')
    press('enter', 'c')
    expect(told()).toBe('no task is selected')
  })

  it('pause all, and let it go on', async () => {
    const { press, run } = await storyScreen()
    press('p')
    expect(run.state.paused).toBe('a person')
    press('p')
    expect(run.state.paused).toBeUndefined()
  })

  it('pause one task, and let it go on', async () => {
    const { type, press, run } = await storyScreen()
    type(':go qa')
    press('enter', 'P', 'P')
    expect(run.sent).toEqual([
      { type: 'pause', task: 'qa', by: 'a person', door: 'screen' },
      { type: 'unpause', task: 'qa', by: 'a person', door: 'screen' },
    ])
  })

  it('do a task that failed again', async () => {
    const { type, press, run } = await storyScreen()
    type(':go screenshots')
    press('enter', 'r')
    expect(run.sent).toEqual([{ type: 'retry', task: 'screenshots', by: 'a person', door: 'screen', descendants: false }])
    expect(run.state.tasks.get('gallery')?.state.status).toBe('waiting')
  })

  it('do a task again, and all below it, after a question', async () => {
    const { type, press, run, told } = await storyScreen()
    type(':go screenshots')
    press('enter', 'R')
    expect(told()).toBe('do "screenshots" again, and all that depends on it?')
    press('y')
    expect(run.sent).toEqual([{ type: 'retry', task: 'screenshots', by: 'a person', door: 'screen', descendants: true }])
  })

  it('skip a task, and all below it, after a question', async () => {
    const { type, press, run, told } = await storyScreen()
    type(':go qa')
    press('enter', 'S')
    expect(told()).toBe('skip "qa", and all that depends on it?')
    press('y')
    expect(run.sent).toEqual([{ type: 'skip', task: 'qa', by: 'a person', door: 'screen', descendants: true }])
  })

  it.each([
    ['recorded', 'nobody conducts this run: it can only be looked at'],
    ['followed', 'another process conducts this run: it can only be watched from here'],
    ['replayed', 'this is a replay: it can only be looked at'],
  ] as const)('say why a run that is %s cannot be steered', async (is, why) => {
    const { press, told, effects } = await storyScreen({ is })
    press('c')
    expect(told()).toBe(why)
    expect(effects).toEqual([])
  })
})

it('the run that is conducted is steered also when it was opened by its name', async () => {
  const { press, store, run } = await storyScreen()
  store.showAside(nextRun())
  store.showAside(storyRun({ at: 225, is: 'recorded' }))
  expect(store.glance().isAside).toBe(false)
  press('p')
  expect(run.state.paused).toBe('a person')
})

describe('when the next run begins', () => {
  it('who is typing goes on', async () => {
    const { type, press, store, effects } = await storyScreen()
    type(':sk')
    store.show(nextRun())
    type('ip qa')
    press('enter')
    expect(effects).toMatchObject([{ effect: 'send', intents: [{ type: 'skip', task: 'qa' }] }])
  })

  it('a question about the one before is not answered any more', async () => {
    const { type, press, store, run, told, effects } = await storyScreen()
    type(':go builder')
    press('enter', 'c')
    store.show(nextRun())
    expect(told()).toBeUndefined()
    press('y')
    expect(run.sent).toEqual([])
    expect(effects).toMatchObject([{ effect: 'copy' }])
  })
})

describe('q', () => {
  it.each([
    ['b', 'leave'],
    ['e', 'drain'],
    ['s', 'now'],
  ] as const)('asks what becomes of the work that is under way: %s', async (key, how) => {
    const { press, told, effects } = await storyScreen()
    press('q')
    expect(told()).toBe('leave? 2 at work')
    press(key)
    expect(effects).toEqual([{ effect: 'quit', how }])
  })

  it('stays on any other key, and stops at once where it is Ctrl+C twice', async () => {
    const { press, effects } = await storyScreen()
    for (const key of ['esc', 'q', 'enter', 'y', 'n']) press('q', key)
    expect(effects).toEqual([])
    press('ctrl+c', 'ctrl+c')
    expect(effects).toEqual([{ effect: 'quit', how: 'now' }])
  })

  it('offers to stop at once what is coming to its end', async () => {
    const { press, told, effects, run } = await storyScreen()
    await run.send?.({ type: 'stop', reason: 'quit', drain: {} })
    press('q')
    expect(told()).toBe('2 tasks still run. wait no longer?')
    press('b')
    expect(effects).toEqual([])
    press('q', 's')
    expect(effects).toMatchObject([{ effect: 'send', intents: [{ type: 'stop', reason: 'quit' }] }, { effect: 'quit', how: 'now' }])
    expect(run.state.phase.phase).toBe('stopping')
  })

  it('asks as well where nothing runs but something waits: it can be answered elsewhere while somebody conducts', async () => {
    const { press, told, effects } = await storyScreen({ at: 540 })
    press('q')
    expect(told()).toBe('leave? 1 waits for you')
    press('e')
    expect(effects).toEqual([])
    press('q', 'b')
    press('q', 's')
    expect(effects).toEqual([{ effect: 'quit', how: 'leave' }, { effect: 'quit', how: 'now' }])
  })

  it('leaves at once where nothing is lost by it', async () => {
    for (const is of ['recorded', 'followed', 'replayed'] as const) {
      const { press, effects } = await storyScreen({ is })
      press('q')
      expect(effects).toEqual([{ effect: 'quit', how: 'leave' }])
    }
    const over = await storyScreen({ at: Infinity })
    over.press('q')
    expect(over.effects).toEqual([{ effect: 'quit', how: 'now' }])
  })
})
