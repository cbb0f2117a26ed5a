import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { runFolder } from '../../../src/store/run-folder.ts'
import { storyRun } from '../../story/story-run.ts'
import { ASKED } from '../../story/notes-api.ts'
import { storyScreen, type StoryScreen } from '../story-screen.ts'

/** Seconds into the story: `schema` waits for approval and `builder` runs; a little later `site` waits for review. */
const RUNS = 225
const REVIEW = 258

async function at(task: string, seconds: number, asks?: keyof typeof ASKED): Promise<StoryScreen & { status: () => string | undefined; state: () => object | undefined }> {
  const screen = await storyScreen({ at: seconds })
  const { run, type, press } = screen
  if (asks !== undefined) run.ask(task, ASKED[asks])
  type(`:go ${task}`)
  press('enter')
  return { ...screen, state: () => run.state.tasks.get(task)?.state, status: () => run.state.tasks.get(task)?.state.status }
}

/** What stands at a task's gate, as an answer to it has to name it. */
function gateOf({ run }: StoryScreen, task: string): { gate: string; shown: string } {
  const now = run.state.tasks.get(task)?.state
  if (now?.status !== 'held' || now.gate === 'paused') throw new Error(`${task} waits for nobody`)
  return { gate: now.id, shown: now.shown }
}

describe('what a task has made', () => {
  it('is accepted, by an answer that names what was looked at', async () => {
    const screen = await at('site', REVIEW)
    const gate = gateOf(screen, 'site')
    screen.press('a')
    expect(screen.run.sent).toEqual([{ type: 'approve', task: 'site', ...gate, by: 'a person', door: 'screen' }])
    expect(screen.effects).toMatchObject([{ done: 'accepted "site"' }])
    expect(screen.status()).toBe('complete')
  })

  it('is sent back with a comment, which has to be there', async () => {
    const screen = await at('site', REVIEW)
    const gate = gateOf(screen, 'site')
    screen.press('b', 'enter', 'space', 'enter')
    expect(screen.run.sent).toEqual([])
    expect(screen.store.glance().ui.prompt).toMatchObject({ ask: 'comment', isMissing: true })
    screen.type('two dead links')
    screen.press('enter')
    expect(screen.run.sent).toEqual([{ type: 'send-back', task: 'site', comment: 'two dead links', ...gate, by: 'a person', door: 'screen' }])
    expect(screen.run.state.tasks.get('site')?.comments).toEqual([{ by: 'a person', text: 'two dead links' }])
    expect(screen.status()).toBe('ready')
  })

  it('is rejected after a question that says what it comes to', async () => {
    const screen = await at('site', REVIEW)
    screen.press('d')
    expect(screen.told()).toBe('reject "site"? it is incomplete, what needs it is blocked')
    for (const key of ['enter', 'd', 'n', 'esc']) {
      screen.press(key)
      expect(screen.run.sent).toEqual([])
      screen.press('d')
    }
    screen.press('y')
    expect(screen.state()).toMatchObject({ status: 'incomplete', reason: 'rejected by a person' })
  })
})

describe('a task that waits for approval', () => {
  it('is rejected with a reason, which stands behind it from then on', async () => {
    const screen = await at('schema', RUNS)
    screen.press('d')
    expect(screen.told()).toBe('reject "schema"? it is cancelled, what needs it is blocked')
    screen.press('w')
    screen.store.press({ paste: 'not on\na Friday' })
    screen.press('enter')
    expect(screen.state()).toMatchObject({ status: 'cancelled', reason: 'rejected by a person: not on a Friday' })
  })

  it('cannot be answered or sent back, and says so', async () => {
    const screen = await at('schema', RUNS)
    screen.press('m')
    expect(screen.told()).toBe('"schema" waits for approval: approve or reject it; i shows what waits for you')
    screen.press('b')
    expect(screen.told()).toBe('"schema" waits for approval: approve or reject it; i shows what waits for you')
    expect(screen.run.sent).toEqual([])
  })
})

describe('leave to use a tool', () => {
  it('is given', async () => {
    const screen = await at('builder', RUNS, 'permission')
    screen.press('a')
    expect(screen.effects).toMatchObject([{ done: 'allowed "builder"' }])
    expect(screen.state()).toMatchObject({ reply: { is: 'allowed' } })
  })

  it('is not given after a question, and the agent may be told why', async () => {
    const screen = await at('builder', RUNS, 'permission')
    screen.press('d')
    expect(screen.told()).toBe('deny "builder" this? it may not, and has to do without')
    screen.press('w')
    screen.type('use node:sqlite')
    screen.press('enter')
    expect(screen.state()).toMatchObject({ reply: { is: 'denied', message: 'use node:sqlite' } })
  })
})

describe('a question', () => {
  const answers = ({ run }: StoryScreen) => run.sent.flatMap((intent) => (intent.type === 'answer' ? [intent.answers] : []))

  it('is answered at once by the number of an option', async () => {
    const screen = await at('builder', RUNS, 'question')
    const gate = gateOf(screen, 'builder')
    screen.press('m', '2')
    expect(screen.run.sent).toEqual([{ type: 'answer', task: 'builder', answers: ['a random id'], ...gate, by: 'a person', door: 'screen' }])
    expect(screen.state()).toMatchObject({ reply: { is: 'answered', answers: ['a random id'] } })
    expect(screen.store.glance().ui.prompt).toBeUndefined()
  })

  it('is answered in own words: a number in them is no option, and neither is one that stands for none', async () => {
    const screen = await at('builder', RUNS, 'question')
    screen.press('m', '9')
    screen.press('ctrl+u')
    screen.type('a 2nd column')
    screen.store.press({ paste: ', as\nin db/' })
    screen.press('enter')
    expect(answers(screen)).toEqual([['a 2nd column, as in db/']])
  })

  it('is completed by Tab to the option that begins so', async () => {
    const screen = await at('builder', RUNS, 'question')
    screen.press('m')
    screen.type('The')
    screen.press('tab', 'enter')
    expect(answers(screen)).toEqual([['the moment']])
  })

  it('is left unanswered by Esc, and by Enter on nothing', async () => {
    const screen = await at('builder', RUNS, 'question')
    screen.press('m', 'enter')
    expect(screen.store.glance().ui.prompt).toMatchObject({ ask: 'answer' })
    screen.type('half of')
    screen.press('esc')
    expect(screen.store.glance().ui.prompt).toBeUndefined()
    expect(screen.run.sent).toEqual([])
    expect(screen.state()).toMatchObject({ status: 'held', reply: undefined })
  })

  it('of several parts is asked part by part, several options for one of them', async () => {
    const screen = await at('builder', RUNS, 'several')
    screen.press('m', '1', '2', '3', '2')
    expect(screen.store.glance().ui.prompt).toMatchObject({ text: 'GET /notes, none' })
    screen.press('enter')
    screen.type('1')
    expect(answers(screen)).toEqual([])
    screen.press('enter')
    expect(answers(screen)).toEqual([['GET /notes, none', '1']])
  })

  it('takes what holds where nobody answers, by Enter on nothing', async () => {
    const screen = await at('builder', RUNS, 'several')
    screen.press('m', 'enter')
    screen.type('notes')
    screen.press('enter')
    expect(answers(screen)).toEqual([['none', 'notes']])
  })

  it('takes its default by the key for yes; where it has none, it is asked for an answer', async () => {
    const screen = await at('builder', RUNS, 'question')
    screen.press('a')
    expect(screen.state()).toMatchObject({ reply: { is: 'answered', answers: ['a number'] } })
    const free = await at('builder', RUNS, 'several')
    free.press('a')
    expect(free.run.sent).toEqual([])
    expect(free.store.glance().ui.prompt).toMatchObject({ ask: 'answer', to: { task: 'builder' } })
  })

  it('is left to whoever asks, after a question', async () => {
    const screen = await at('builder', RUNS, 'question')
    screen.press('d')
    expect(screen.told()).toBe('leave "builder" unanswered? it has to decide by itself')
    screen.press('y')
    expect(screen.state()).toMatchObject({ reply: { is: 'unanswered' } })
  })

  it('is not answered by more than the run takes', async () => {
    const screen = await at('builder', RUNS, 'question')
    screen.press('m')
    screen.store.press({ paste: 'x'.repeat(50_000) })
    screen.press('enter')
    expect(answers(screen)[0]?.[0]).toHaveLength(4000)
  })
})

describe('while a person types', () => {
  it('an answer from elsewhere closes the line, and it is said who gave it', async () => {
    const screen = await at('builder', RUNS, 'question')
    screen.press('m')
    screen.type('a num')
    await screen.run.send?.({ type: 'answer', task: 'builder', answers: ['a random id'], by: 'ada', door: 'cli' })
    expect(screen.store.glance().ui.prompt).toBeUndefined()
    expect(screen.told()).toBe('"builder" was answered by ada (cli)')
    const sent = screen.run.sent.length
    screen.press('enter')
    expect(screen.run.sent).toHaveLength(sent)
  })

  it('so does an answer to what is being rejected, and a task that goes away', async () => {
    const screen = await at('schema', RUNS)
    screen.press('d')
    await screen.run.send?.({ type: 'approve', task: 'schema', by: 'ada', door: 'http' })
    expect(screen.told()).toBe('"schema" was approved by ada (http)')
    const other = await at('builder', RUNS, 'question')
    other.press('m')
    await other.run.send?.({ type: 'cancel', task: 'builder', by: 'ada' })
    expect(other.told()).toBe('"builder" is being cancelled already')
  })

  it('another run closes the line: it was about a task of the one before', async () => {
    const screen = await at('builder', RUNS, 'question')
    screen.press('m')
    screen.type('a num')
    screen.store.show(Object.assign(storyRun({ at: RUNS }), { folder: runFolder('runs', 'next') }))
    expect(screen.store.glance().ui.prompt).toBeUndefined()
  })

  it('what happens to other tasks leaves the line alone', async () => {
    const screen = await at('builder', RUNS, 'question')
    screen.press('m')
    screen.type('a num')
    screen.run.goOn(RUNS + 30)
    await screen.run.send?.({ type: 'approve', task: 'schema', by: 'ada' })
    expect(screen.store.glance().ui.prompt).toMatchObject({ ask: 'answer', text: 'a num' })
  })
})

it('a key does not answer what was asked in the instant in which it is pressed', async () => {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  onTestFinished(() => void vi.restoreAllMocks())
  const screen = await at('builder', RUNS)
  now = 10_000
  screen.store.tick()
  screen.run.ask('builder', ASKED.permission)
  screen.store.tell(undefined)
  screen.press('a')
  expect(screen.told()).toBe('what stands here has just changed: look, and press again')
  now += 500
  screen.press('a')
  expect(screen.run.sent).toMatchObject([{ type: 'approve', task: 'builder' }])
})

describe('the command line', () => {
  it('takes what is said behind the task', async () => {
    const screen = await at('builder', RUNS, 'question')
    screen.type(':answer builder a random id')
    screen.press('enter')
    expect(screen.run.sent).toMatchObject([{ type: 'answer', task: 'builder', answers: ['a random id'] }])
    const site = await at('schema', REVIEW)
    site.type(':send-back site shorter, please')
    site.press('enter')
    expect(site.run.sent).toMatchObject([{ type: 'send-back', task: 'site', comment: 'shorter, please' }])
  })

  it('asks for the rest: further parts of a question, and whether it is to be rejected', async () => {
    const screen = await at('builder', RUNS, 'several')
    screen.type(':answer builder none')
    screen.press('enter')
    expect(screen.store.glance().ui.prompt).toMatchObject({ ask: 'answer', said: ['none'], text: '' })
    screen.press('esc')
    screen.type(':reject schema too risky')
    screen.press('enter')
    expect(screen.told()).toBe('reject "schema"? it is cancelled, what needs it is blocked')
    screen.press('w')
    expect(screen.run.sent).toEqual([])
    screen.type(':reject schema too risky')
    screen.press('enter', 'y')
    expect(screen.run.sent).toMatchObject([{ type: 'reject', task: 'schema', comment: 'too risky' }])
  })

  it('completes the task, and says what is no task', async () => {
    const screen = await at('builder', RUNS, 'question')
    screen.type(':answer bui')
    screen.press('tab')
    expect(screen.store.glance().ui.prompt).toMatchObject({ text: 'answer builder' })
    screen.press('esc')
    screen.type(':reject too risky')
    screen.press('enter')
    expect(screen.told()).toMatch(/^there is no task "too" in this run/)
  })
})

it('the inbox opens at the task that is selected', async () => {
  const { store, press } = await at('builder', REVIEW, 'permission')
  press('i', 'd')
  expect(store.glance().ui.prompt).toMatchObject({ ask: 'choose', about: [{ task: 'builder' }] })
  expect(store.glance().ui.pages).toEqual([{ page: 'inbox', at: 1 }])
})

it('several that are marked are rejected after one question, and answered one by one', async () => {
  const screen = await at('builder', REVIEW, 'question')
  screen.run.ask('schema', ASKED.question)
  for (const task of ['builder', 'schema']) {
    screen.type(`:go ${task}`)
    screen.press('enter', 'space')
  }
  screen.press('m')
  expect(screen.told()).toBe('2 tasks ask: answer them one by one')
  screen.press('d')
  expect(screen.told()).toBe('reject 2 tasks?')
  screen.press('y')
  expect(screen.run.sent).toMatchObject([{ type: 'reject', task: 'builder' }, { type: 'reject', task: 'schema' }])
})

it('a run that another process conducts is answered as well, where it takes wishes', async () => {
  const { run, type, press } = await storyScreen({ at: RUNS, is: 'followed', steers: true })
  type(':go schema')
  press('enter', 'a')
  expect(run.sent).toMatchObject([{ type: 'approve', task: 'schema' }])
})
