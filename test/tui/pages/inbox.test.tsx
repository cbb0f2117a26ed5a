import { describe, expect, it } from 'vitest'
import { conductor } from '../../core/conductor.ts'
import { plan, task } from '../../core/specs.ts'
import { busyRun } from './scenario.ts'
import { shown, SIZES } from './shown.tsx'

const inbox = { page: 'inbox', at: 0 } as const

describe('the inbox page', () => {
  it.each(SIZES)('shows what waits, oldest first, for how long and for what, at $width columns', async (size) => {
    const page = await shown({ page: inbox, size, state: busyRun().state })
    const [heading, ...rows] = page.lines()
    expect(heading?.trim().split(/ {2,}/)).toEqual(['task', 'waiting', 'behind it', 'for what'])
    expect(rows[0]).toMatch(/^▌ ⏸ later +5m00s +paused by ada/)
    expect(rows[1]).toMatch(/^ {2}⏸ schema +3m10s +2 tasks +approval/)
    expect(rows[2]).toMatch(/^ {2}⏸ dear +3m10s +money: the task's limit of \$0\.001/)
    expect(page.title()).toBe('inbox · 3 wait for you · Esc back')
  })

  it('says what each key does to the chosen one, and what it asks for', async () => {
    const page = await shown({ page: inbox, state: busyRun().state })
    page.give('down')
    const text = page.lines().join('\n')
    expect(text).toContain('schema Change the schema of the database  since 12:01:50')
    expect(text).toMatch(/ a {2}approve: it runs as soon as there is room for it\n/)
    expect(text).toMatch(/ s {2}skip: it is not done, and the 2 tasks behind it go on without it\n/)
    expect(text).toMatch(/ d {2}reject: it is cancelled, and the 2 tasks behind it are blocked\n/)
    expect(text).toContain(' do schema')
  })

  it('says what to do where a key does not help', async () => {
    const page = await shown({ page: inbox, state: busyRun().state, size: SIZES[2] })
    page.give('bottom')
    expect(page.lines().join('\n')).toContain('raise it in plan.yaml, and run that again')
    expect(page.lines().join('\n')).not.toContain('approve:')
  })

  it('lets keys act on the row, and opens its task', async () => {
    const page = await shown({ page: inbox, state: busyRun().state })
    page.give('down')
    expect(page.task()).toBe('schema')
    page.give('approve')
    expect(page.effects).toMatchObject([{ effect: 'send', intents: [{ type: 'approve', task: 'schema' }] }])
    page.give('open')
    expect(page.ui().pages.at(-1)).toMatchObject({ page: 'task', task: 'schema' })
  })

  it('stands on the last row when the one it stood on has been answered', async () => {
    const run = busyRun()
    const page = await shown({ page: { page: 'inbox', at: 2 }, state: run.state })
    run.send({ type: 'cancel', task: 'dear', by: 'ada' })
    expect(page.lines().filter((line) => line.startsWith('▌'))).toEqual([expect.stringContaining('schema')])
    expect(page.task()).toBe('schema')
    page.give('up')
    expect(page.task()).toBe('later')
  })

  it('says so when nothing waits, and when the whole run is paused', async () => {
    const run = conductor()
    run.add(plan(task('a')))
    const page = await shown({ page: inbox, state: run.state })
    expect(page.lines().join('\n')).toContain('Nothing waits for you.')
    expect(page.title()).toContain('nothing waits for you')
    run.send({ type: 'pause', by: 'ada' })
    expect(page.lines().join('\n')).toContain('The whole run is paused by ada: p lets it go on.')
  })

  it('keeps the row and its answers together on 40×12', async () => {
    const page = await shown({ page: inbox, state: busyRun().state, size: { width: 40, height: 12 } })
    page.give('down')
    const lines = page.lines()
    expect(lines.find((line) => line.startsWith('▌'))).toContain('schema')
    expect(lines.join('\n')).toContain(' a approve  d reject  s skip')
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40)
  })

  it('shows no control sequence that a title brought', async () => {
    const run = conductor({ when_held: 'stay' })
    run.add(plan(task('evil', { requires_approval: true, title: 'good\u001b]0;pwned\u0007\u001b[2Jbye', work: { kind: 'prompt', prompt: '\u001b[2Jboo' } })))
    run.next()
    const text = (await shown({ page: inbox, state: run.state })).lines().join('\n')
    expect(text).toContain('goodbye')
    expect(text).not.toMatch(/\p{Cc}(?<!\n)|pwned/u)
  })
})
