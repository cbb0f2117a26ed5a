import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { Question } from '../../../src/core/question.ts'
import type { Settings } from '../../../src/core/settings.ts'
import { conductor } from '../../core/conductor.ts'
import { plan, settings, task } from '../../core/specs.ts'
import { tempDir } from '../../temp-dir.ts'
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

  it.each(SIZES)('says whose quota is used up, what a yes comes to, and when it is asked for by itself, at $width columns', async (size) => {
    const run = conductor({ when_held: 'stay', providers: { paid: { type: 'openai' } }, default_provider: 'paid' })
    run.add(plan(task('ask'), task('tell', { depends_on: ['ask'] })))
    run.next()
    run.end('ask', { result: 'failed', kind: 'quota_exhausted', message: 'the server says that the account has nothing left (429). Top it up, or use another provider.', duration_ms: 1 })
    run.next()
    const page = await shown({ page: inbox, state: run.state, size })
    const lines = page.lines()
    expect(lines[1]).toMatch(/^▌ ⏸ ask +5m00s +(1 task +)?a quota: paid has nothing/)
    const text = lines.join('\n')
    expect(text).toContain('ask  since 12:00:00  in 55m00s: asked again')
    expect(text).toContain(' waits for a quota: paid has nothing left: the server says')
    expect(text).toMatch(/ a {2}ask again: paid is asked again now, for all that waits for it\n/)
    expect(text).toMatch(/ d {2}reject: it is cancelled, and the task behind it is blocked\n/)
    page.give('approve')
    expect(page.effects).toMatchObject([{ effect: 'send', intents: [{ type: 'approve', task: 'ask' }], done: 'asked again for "ask"' }])
    const own = await shown({ page: { page: 'task', task: 'ask', tab: 'overview', at: 0 }, state: run.state, size })
    expect(own.lines().join(' ').replaceAll(/ +/g, ' ')).toContain('press a to have paid asked again, d to reject it, s to go on without it')
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

const ONE: Question = { kind: 'question', asks: [{ text: 'Which colour?', options: [{ label: 'red' }] }] }
const WHICH: Question = { kind: 'question', asks: [{ text: 'Which colour\u001b[2J?', options: [{ label: 'red', description: 'as the logo' }, { label: 'blue' }], default: 'blue' }, { text: 'What is it called?', options: [] }] }
const MAY_IT: Question = { kind: 'permission', tool: 'Bash', rule: 'Bash(npm test)', input: 'cd /srv &&\nnpm test\u001b]0;pwned\u0007' }

/** A run whose task asks this, or waits for a review of what it made. */
function asking(question?: Question, gates: Partial<Settings> = {}) {
  const run = conductor({ when_held: 'stay', ...gates })
  run.add(plan(task('a', { review: question === undefined, checks: [{ rule: 'min_length', value: 3 }], title: 'Paint it' }), task('b', { depends_on: ['a'] })))
  run.next()
  if (question !== undefined) run.send({ type: 'asked', task: 'a', attempt: 1, question })
  return run
}

describe('on the inbox page', () => {
  const text = async (run: ReturnType<typeof asking>, now?: string, dir?: string) => (await shown({ page: inbox, state: run.state, ...(now === undefined ? {} : { now }), ...(dir === undefined ? {} : { dir }) })).lines().join('\n')

  it('a question is told in full: each part with its options, what they mean and their keys, and what holds where nobody answers', async () => {
    const page = await text(asking(WHICH))
    expect(page).toContain(' 1/2 Which colour?')
    expect(page).toMatch(/ 1 red — as the logo\n +2 blue\n where nobody answers: blue/)
    expect(page).toMatch(/ 2\/2 What is it called\?\n in your own words/)
    expect(page).toMatch(/ m {2}answer: it goes on with what you say\n {2}d {2}no answer: it has to decide by itself\n {2}s {2}skip: .*\n {2}c {2}cancel: /)
    expect(page).not.toMatch(/\n {2}a {2}/)
  })

  it('what the default would be stands beside its key', async () => {
    const page = await text(asking(ONE))
    expect(page).toContain('  a  default: it goes on with red')
  })

  it('a permission is told with the tool, all of its input, and the rule that would allow it for good', async () => {
    const page = await text(asking(MAY_IT))
    expect(page).toMatch(/ may it use Bash\?\n cd \/srv &&\n npm test\n always allowed with permissions.allow: "Bash\(npm test\)"/)
    expect(page).toMatch(/ a {2}allow: it may use Bash for this\n {2}d {2}deny: it may not, and has to do without/)
    expect(page).not.toMatch(/\p{Cc}(?<!\n)|pwned/u)
  })

  it('a review shows what was made, by its beginning, how its checks stand, and how to look at the rest', async () => {
    const dir = await tempDir()
    await mkdir(join(dir, 'runs/r/outputs/a'), { recursive: true })
    await writeFile(join(dir, 'runs/r/outputs/a/output.md'), 'A red house.\n')
    const run = asking()
    run.end('a', { result: 'answered', finish: 'stop', duration_ms: 1, output: { path: 'outputs/a/output.md', sha256: 'aa', size: 13, media_type: 'text/markdown', written: 'new' } })
    run.next()
    run.send({ type: 'checks-ended', task: 'a', attempt: 1, rows: [{ rule: 'min_length', expected: '3', found: '13', passed: true }] })
    run.next()
    const page = await shown({ page: inbox, state: run.state, dir })
    await vi.waitFor(() => expect(page.lines().join('\n')).toContain(' A red house.'))
    const told = page.lines().join('\n')
    expect(told).toContain(' it made output.md (13 B)\n 1 of 1 checks passed: min_length\n Enter shows all of it')
    expect(told).toMatch(/ a {2}accept: it is complete, and what depends on it goes on\n {2}b {2}send back: it is tried again, and told what you say\n {2}d {2}reject: it is incomplete, and the task behind it is blocked/)
  })

  it.each([
    ['reject', WHICH, 'in 12m00s: decides by itself'],
    ['approve', ONE, 'in 12m00s: takes its default'],
    ['reject', MAY_IT, 'in 12m00s: denied'],
    ['skip', MAY_IT, 'in 12m00s: skipped'],
  ] as const)('what comes of it by itself is counted down: %s', async (on_timeout, question, due) => {
    const run = asking(question, { gates: { ...settings().gates, timeout_s: 900, on_timeout } })
    const page = await text(run, '2026-11-20T12:03:00.000Z')
    expect(page.split('\n')[1]).toMatch(new RegExp(`asks: .* ${due}$`))
    expect(page).toMatch(new RegExp(`a Paint it {2}since .* {2}${due}`))
  })

  it('what is too long for the page ends with the way to all of it, and the answers stay', async () => {
    const page = await text(asking({ kind: 'permission', tool: 'Bash', rule: 'Bash', input: Array.from({ length: 60 }, (_, line) => `line ${line}`).join('\n') }))
    expect(page).toContain(' … Enter shows all of it')
    expect(page).toContain('  c  cancel: ')
  })
})
