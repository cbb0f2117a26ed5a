import { describe, expect, it } from 'vitest'
import { textOf } from '../../../src/tui/lines/fit.ts'
import { insideOf } from '../../../src/tui/lines/frame.ts'
import { footerLines } from '../../../src/tui/panes/footer.ts'
import { graphPane } from '../../../src/tui/panes/graph.ts'
import { headerLines } from '../../../src/tui/panes/header.ts'
import { logPane } from '../../../src/tui/panes/log.ts'
import { queuePane } from '../../../src/tui/panes/queue.ts'
import { ASKED } from '../../story/notes-api.ts'
import { storyScreen } from '../story-screen.ts'

/** `schema` waits for approval and `builder` runs; a little later `site` waits for review. */
const RUNS = 225
const REVIEW = 258

type Given = { at?: number; asks?: keyof typeof ASKED; size?: { width: number; height: number } } & Pick<NonNullable<Parameters<typeof storyScreen>[0]>, 'is' | 'steers'>

/** What the main page says of a task that is selected. */
async function main(selected: string, { at = RUNS, asks, size = { width: 200, height: 60 }, ...how }: Given = {}) {
  const screen = await storyScreen({ at, size, ...how })
  if (asks !== undefined) screen.run.ask('builder', ASKED[asks])
  screen.type(`:go ${selected}`)
  screen.press('enter')
  const glance = () => screen.store.glance()
  const pane = (name: 'graph' | 'queue' | 'log') => {
    const place = glance().layout.panes.find((known) => known.pane === name)
    if (place === undefined) throw new Error(`${name} is not shown`)
    const draw = { graph: graphPane, queue: queuePane, log: logPane }[name]
    return draw(glance(), insideOf({ ...place.rect, border: place.border })).lines.map((line) => textOf(line).trimEnd())
  }
  return {
    ...screen,
    pane,
    row: (task: string) => pane('queue').find((line) => new RegExp(`^ *[⏸●] ${task} `).test(line)),
    keys: () => textOf(footerLines(glance(), { width: size.width, height: 1 })[0] ?? []).trim().split('  '),
    status: () => textOf(headerLines(glance(), { width: size.width, height: 2 })[0] ?? []),
  }
}

describe('a task that waits for a person', () => {
  it.each([
    ['schema', {}, 'a?', 'approval — press a', ['a approve', 'd reject']],
    ['site', { at: REVIEW }, 'look?', 'review — press a, b or d', ['a accept', 'b send back', 'd reject']],
    ['builder', { asks: 'question' }, 'asks', 'press m — Two notes may be kept', ['a default', 'm answer', 'd no answer']],
    ['builder', { asks: 'permission' }, 'asks', 'press a or d — may it use Bash?', ['a allow', 'd deny']],
    ['builder', { asks: 'several' }, 'asks', 'press m — Which routes may be asked', ['m answer', 'd no answer']],
  ] as const)('%s %o: says so on its node, in its row with the keys, and with what they do on the bottom line', async (task, given, label, advice, keys) => {
    const page = await main(task, given)
    expect(page.pane('graph').join('\n')).toContain(`⏸ ${task} ${label}`)
    expect(page.row(task)).toContain(advice)
    expect(page.keys().filter((key) => /^[amdb] /.test(key))).toEqual(keys)
  })

  it('says what it waits for without keys where another one is selected, or nobody can be answered', async () => {
    const other = await main('docs', { at: REVIEW, asks: 'permission' })
    expect(other.row('site')).toContain('needs your review')
    expect(other.row('builder')).toContain('asks: may it use Bash?')
    const watched = await main('builder', { asks: 'question', is: 'followed' })
    expect(watched.row('builder')).toContain('asks: Two notes')
    expect(watched.keys().filter((key) => /^[amdb] /.test(key))).toEqual([])
  })

  it('waits for nobody once it has been answered: it is counted and told so', async () => {
    const page = await main('builder', { asks: 'question' })
    expect(page.keys()).toContain('i inbox 2')
    page.press('m', '1')
    page.store.tell(undefined)
    expect(page.keys()).toContain('i inbox 1')
    expect(page.row('builder')).toContain('answered, goes on soon')
    expect(page.pane('graph').join('\n')).toMatch(/⏸ builder \d+m/)
  })

  it('is waited for by the run where nothing else runs', async () => {
    const page = await main('builder', { at: 330, asks: 'question' })
    for (const task of ['site', 'endpoints', 'auth', 'search', 'schema', 'builder']) page.run.ask(task, ASKED.question)
    expect(page.run.state.counts.running).toBe(0)
    expect(page.status()).toContain('⏸ waiting for you')
  })
})

describe('the line in which an answer is typed', () => {
  it('says what is asked, and which keys choose what, as long as nothing else is typed', async () => {
    const page = await main('builder', { asks: 'question', size: { width: 120, height: 34 } })
    page.press('m')
    expect(page.keys().join('  ')).toMatch(/^Two notes may be kept in the same instant.* 1 a number {2}2 a random id {2}3 the moment {2}Esc leave$/)
    page.type('a key')
    expect(page.keys().join('  ')).toMatch(/^Two notes may be kept in the same instant. What is to be the key\? a key +Enter answer {2}Esc leave$/)
  })

  it('says which part of a question it is, and what Enter takes where nothing is typed', async () => {
    const page = await main('builder', { asks: 'several', size: { width: 120, height: 34 } })
    page.press('m')
    expect(page.keys().join('  ')).toMatch(/^1\/2 Which routes.* Enter none {2}1 GET \/notes {2}2 POST \/notes {2}3 none {2}Esc leave$/)
    page.press('enter')
    expect(page.keys().join('  ')).toMatch(/^2\/2 What is the table called\? +Esc leave$/)
  })

  it('says what a comment is for, and that it has to be there', async () => {
    const page = await main('site', { at: REVIEW, size: { width: 80, height: 24 } })
    page.press('b')
    expect(page.keys().join('  ')).toMatch(/^"site": what is not good yet\? +Enter send back {2}Esc leave$/)
    page.press('enter')
    expect(page.keys().join('  ')).toMatch(/⚠ it has to be said$/)
    page.press('esc', 'd', 'w')
    expect(page.keys().join('  ')).toMatch(/^"site": why not\? +Enter reject {2}Esc leave$/)
  })
})

describe('the log of a task that asks', () => {
  it('ends with the question and its options, and scrolls above it', async () => {
    const page = await main('builder', { asks: 'question', size: { width: 80, height: 24 } })
    const question = () => page.pane('log').slice(-4)
    expect(question()).toEqual([
      ' Two notes may be kept in the same instant. What is to be the key?',
      '   1 a number — counted up by the table; short, and tells how many there are',
      '   2 a random id — tells nothing, and can be made before the note is stored',
      '   3 the moment — as it is now; the second note replaces the first',
    ])
    page.press('tab')
    const before = page.pane('log').slice(0, -4)
    page.press('home')
    expect(page.pane('log').slice(0, -4)).not.toEqual(before)
    expect(question()[0]).toContain('Two notes may be kept')
    page.press('end', 'a')
    expect(page.pane('log').join('\n')).not.toContain('Two notes')
  })

  it('leaves a third of a large pane to what was said, whatever is asked', async () => {
    const page = await main('builder')
    page.run.ask('builder', { kind: 'permission', tool: 'Bash', rule: 'Bash', input: Array.from({ length: 90 }, (_, line) => `line ${line}\u001b[2J`).join('\n') })
    const lines = page.pane('log')
    const from = lines.findIndex((line) => line.startsWith('── asks'))
    expect(lines.length - from).toBeLessThanOrEqual((lines.length * 2) / 3 + 10)
    expect(lines.at(-1)).toBe(' …')
    expect(lines.join('')).not.toMatch(/\p{Cc}/u)
  })
})

describe('a run that is left', () => {
  it('says how much of it is still waited for', async () => {
    const page = await main('builder', { size: { width: 80, height: 24 } })
    await page.run.send?.({ type: 'stop', reason: 'quit', drain: {} })
    expect(page.status()).toContain('■ stopping: 2 running')
    await page.run.send?.({ type: 'stop', reason: 'quit' })
    expect(page.status()).toMatch(/■ stopping \d/)
  })

  it.each([80, 120, 200])('is asked about in one line of %i columns: what becomes of it', async (width) => {
    const page = await main('builder', { size: { width, height: 24 } })
    page.press('q')
    expect(page.keys().join('  ')).toBe('leave? 2 at work  b leave running  e stop when they end  s stop now  Esc stay')
  })

  it('is asked about in brief on a narrow screen', async () => {
    const page = await main('builder', { size: { width: 44, height: 12 } })
    page.press('q')
    expect(page.keys().join('  ')).toMatch(/^leave\?.* {2}b leave {2}e end {2}s stop {2}Esc stay$/)
  })
})

it('a run of another process is attached to where it takes wishes, and watched where it does not', async () => {
  expect((await main('builder', { is: 'followed', steers: true })).status()).toContain('attached: running')
  expect((await main('builder', { is: 'followed' })).status()).toContain('watching: running')
})
