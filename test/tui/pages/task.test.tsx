import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Question } from '../../../src/core/question.ts'
import type { Page, TaskTab } from '../../../src/tui/ui.ts'
import { conductor, failure } from '../../core/conductor.ts'
import { plan, settings, task } from '../../core/specs.ts'
import { tempDir } from '../../temp-dir.ts'
import { eventually } from '../eventually.ts'
import { busyRun } from './scenario.ts'
import { shown, SIZES } from './shown.tsx'

const tab = (name: TaskTab, id = 'architect'): Page => ({ page: 'task', task: id, tab: name, at: 0 })
const onPage = (name: TaskTab, more: Partial<Parameters<typeof shown>[0]> = {}) => shown({ page: tab(name), state: busyRun().state, ...more })
const cellsOf = (line: string | undefined) => line?.replace(/^▌ /, '').trim().split(/ {2,}/)

describe('the page of a task', () => {
  it.each(SIZES)('tells what it is, how it stands and what to do next, at $width columns', async (size) => {
    const page = await onPage('overview', { size })
    const text = page.lines().join('\n')
    for (const told of [
      'Draw up the architecture of the notes API',
      '✔ complete after 1m50s',
      'you can     read what it wrote under files',
      'needed by   ● builder  ⏸ schema  ⏸ dear',
      'type        design, medium priority',
      'route       ollama · qwen · tier local — the task asks for the tier local',
      'checks      2 of 2 passed',
      'spent       ≤ $0.0029 in 2 attempts',
      '$0.50 in all',
      'file        plan.yaml:1',
      '- says what is stored where',
    ])
      expect(text).toContain(told)
    expect(page.title()).toBe('task architect · Esc back')
  })

  it.each([
    ['schema', '⏸ held for 3m10s', 'press a to approve it, d to reject it, s to go on without it'],
    ['later', 'paused by ada', 'press P to let it go on'],
    ['dear', 'waits for money:', 'raise it in plan.yaml, and run that again; or press s to go on without it'],
    ['builder', '● running for 3m10s', 'press c to cancel it'],
  ])('says of "%s" why it stands as it does, and which key helps', async (id, why, key) => {
    const text = (await shown({ page: tab('overview', id), state: busyRun().state, size: SIZES[1] })).lines().join('\n')
    expect(text).toContain(why)
    expect(text).toContain(key)
  })

  it('tells all that a task asks, what it was told before, and how it is answered', async () => {
    const run = conductor({ when_held: 'stay', gates: { ...settings().gates, timeout_s: 600, on_timeout: 'reject' } })
    run.add(plan(task('a')))
    run.next()
    const ask = (question: Question) => run.send({ type: 'asked', task: 'a', attempt: 1, question })
    const lines = async () => (await shown({ page: tab('overview', 'a'), state: run.state, size: SIZES[1], now: '2026-11-20T12:01:00.000Z' })).lines().join('\n')
    ask({ kind: 'question', asks: [{ text: 'Which?', options: [{ label: 'red', description: 'as the logo' }] }] })
    expect(await lines()).toMatch(/⏸ held for 1m00s {2}in 9m00s: decides by itself.*\n asks: Which\?\n you can +press m to answer, a to take its default, d to let it decide by itself\n\n {2}Which\?\n +1 red — as the logo/)
    run.send({ type: 'answer', task: 'a', answers: ['red'], by: 'ada' })
    expect(await lines()).not.toContain('you can')
    run.next()
    ask({ kind: 'permission', tool: 'Bash', rule: 'Bash(ls)', input: 'ls\n-la' })
    const text = await lines()
    expect(text).toContain('you can     press a to allow it, d to deny it')
    expect(text).toContain('  may it use Bash?\n  ls\n  -la')
    expect(text).toContain('asked       Which? — red')
  })

  it('says of a review how it is decided, and what was said when it was sent back', async () => {
    const run = conductor({ when_held: 'stay' })
    run.add(plan(task('a', { review: true })))
    const make = () => {
      run.next()
      run.end('a')
      run.next()
    }
    make()
    run.send({ type: 'send-back', task: 'a', comment: 'shorter, please', by: 'ada' })
    make()
    const text = (await shown({ page: tab('overview', 'a'), state: run.state, size: SIZES[1] })).lines().join('\n')
    expect(text).toContain('you can     press a to accept what it made, b to send it back with a comment, d to reject it')
    expect(text).toContain('review      is asked for')
    expect(text).toContain('sent back   by ada: shorter, please')
  })

  it('keeps the way back in its title, however long the name of the task is', async () => {
    const run = conductor()
    const long = `a${'-very'.repeat(12)}-long-name`
    run.add(plan(task(long)))
    const title = (await shown({ page: tab('overview', long), state: run.state, size: { width: 40, height: 12 } })).title()
    expect(title).toMatch(/^task a.*….*name · Esc back$/)
    expect(title.length).toBeLessThanOrEqual(35)
  })

  it('offers no key where the run can only be looked at', async () => {
    const text = (await onPage('overview', { is: 'recorded' })).lines().join('\n')
    expect(text).not.toContain('you can')
  })

  it('turns its parts with tab and the arrows, and round', async () => {
    const page = await onPage('overview')
    const shownTab = () => /\[(\w+)\]/.exec(page.lines()[0] ?? '')?.[1]
    const seen = ['overview', 'prompt', 'attempts', 'checks', 'files', 'events'].map(() => {
      const now = shownTab()
      page.give('next-pane')
      return now
    })
    expect(seen).toEqual(['overview', 'prompt', 'attempts', 'checks', 'files', 'events'])
    expect(shownTab()).toBe('overview')
    page.give('left')
    expect(shownTab()).toBe('events')
  })

  it('lets keys act on its task, whatever is selected elsewhere', async () => {
    const page = await shown({ page: tab('prompt', 'schema'), state: busyRun().state })
    page.give('approve')
    expect(page.effects).toMatchObject([{ effect: 'send', intents: [{ type: 'approve', task: 'schema' }] }])
  })

  it('says so where the run has no such task', async () => {
    expect((await shown({ page: tab('overview', 'nobody') })).lines()[0]).toContain('There is no task "nobody"')
  })

  it.each(['overview', 'prompt', 'attempts', 'checks', 'files', 'events'] as const)('keeps %s within 40×12, in ASCII', async (name) => {
    const lines = (await onPage(name, { size: { width: 40, height: 12 }, unicode: false })).lines()
    expect(lines.length).toBeLessThanOrEqual(9)
    for (const line of lines) expect(line).toMatch(/^[\u0020-\u007e]{0,40}$/)
    expect(lines[0]).toContain(`[${name}]`)
  })
})

describe('the prompt', () => {
  it('is told word for word, without control sequences', async () => {
    const lines = (await onPage('prompt')).lines()
    expect(lines.slice(2)).toEqual([' prompt', ' Draw up the architecture.', ' It has a server and a store.', '', ' Say what is stored where, and why.', ...Array.from({ length: 13 }, () => '')])
  })

  it('is scrolled to its end and no further', async () => {
    const run = conductor()
    run.add(plan(task('long', { work: { kind: 'prompt', prompt: Array.from({ length: 200 }, (_, index) => `line ${index}`).join('\n') } })))
    const page = await shown({ page: tab('prompt', 'long'), state: run.state })
    page.give('bottom', 'down')
    expect(page.lines().at(-1)).toBe(' line 199')
    page.give('up')
    expect(page.lines().at(-1)).toBe(' line 198')
  })

  it('is the command of a task that runs one', async () => {
    const run = conductor()
    run.add(plan(task('sh', { work: { kind: 'command', command: 'npm test' } })))
    expect((await shown({ page: tab('prompt', 'sh'), state: run.state })).lines()).toContain(' npm test')
  })
})

describe('the attempts', () => {
  it.each(SIZES)('stand in a table: where, when, for how long, for how much and how they ended, at $width columns', async (size) => {
    const [, , heading, first, second] = (await onPage('attempts', { size })).lines()
    expect(cellsOf(heading)).toEqual(['#', 'route', 'started', 'time', 'cost', 'tokens', 'how it ended'])
    expect(first).toMatch(/^▌ 1 {2}ollama · qwen .*12:00:00 +8s +≤ \$0\.00046 +✖ took too long$/)
    expect(second).toMatch(/^ {2}2 {2}ollama · qwen .*12:01:08 +42s +\$0\.0025 +12k → 3\.1k +✔ answered$/)
  })

  it('tell all of the chosen one, and lead to its log', async () => {
    const page = await onPage('attempts')
    expect(page.lines().join('\n')).toContain('took too long after 8.0 s, up to $0.00046: it was timeout')
    page.give('down', 'open')
    expect(page.ui()).toMatchObject({ pages: [], focus: 'log', selected: 'architect', log: { attempt: { task: 'architect', attempt: 2 } } })
  })

  it('shows the newest of many, as far as there is room', async () => {
    const run = conductor({ retries: 60 })
    run.add(plan(task('again')))
    for (let index = 0; index < 50; index++) {
      run.next()
      run.end('again', failure('timeout'))
      run.pass(3_600_000)
    }
    const page = await shown({ page: tab('attempts', 'again'), state: run.state, size: SIZES[2] })
    page.give('bottom')
    const rows = page.lines().filter((line) => line.includes('took too long') && line.includes('rehearsal'))
    expect(rows.length).toBeLessThanOrEqual(40)
    expect(rows.at(-1)).toMatch(/^▌ 50 /)
  })

  it('says so before there is one', async () => {
    expect((await onPage('attempts', { page: tab('attempts', 'qa') })).lines().join('\n')).toContain('It has not started yet.')
  })
})

describe('the checks', () => {
  it.each(SIZES)('stand row by row with what was found, at $width columns', async (size) => {
    const [, , heading, first] = (await onPage('checks', { size })).lines()
    expect(cellsOf(heading)).toEqual(['rule', 'asked for', 'found'])
    expect(first).toMatch(/^▌ ✔ {2}contains {4}the text "# Archi.* {2}both are there$/)
  })

  it('tell the chosen one in full', async () => {
    const page = await onPage('checks', { size: { width: 40, height: 24 } })
    page.give('down')
    const text = page.lines().join('\n')
    expect(text).toContain('min_length  passed')
    expect(text).toContain('found      1200 characters')
  })

  it('say which of them there will be, and that there are none', async () => {
    const run = conductor()
    run.add(plan(task('a', { checks: [{ rule: 'min_length', value: 3 }] }), task('b')))
    const told = async (id: string) => (await shown({ page: tab('checks', id), state: run.state, size: SIZES[1] })).lines().join('\n')
    expect(await told('a')).toContain('Its answer has not been held against its checks yet: 1 check (min_length).')
    expect(await told('b')).toContain('Nothing is asked of its answer')
  })
})

describe('the files', () => {
  async function withFiles() {
    const dir = await tempDir()
    const folder = join(dir, 'runs', 'r', 'outputs', 'architect')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'output.md'), '# Architecture\n\u001b[2Jstorage')
    await writeFile(join(folder, 'modules.json'), Uint8Array.of(0, 1, 2))
    return onPage('files', { dir, size: SIZES[1] })
  }

  it('are told with size and checksum, those that were refused with why', async () => {
    const [, , heading, first, second, third] = (await withFiles()).lines()
    expect(cellsOf(heading)).toEqual(['file', 'size', 'sha256', 'kind', 'not written'])
    expect(cellsOf(first)).toEqual(['output.md', '1.2 kB', 'abcdef01', 'text/markdown'])
    expect(cellsOf(second)?.slice(0, 2)).toEqual(['modules.json', '512 B'])
    expect(third).toMatch(/✖ \.\.\/\.\.\/etc\/passwd +it leaves the folder by "\.\."/)
  })

  it('are previewed: a text as it is, anything else by what it is', async () => {
    const page = await withFiles()
    await eventually(() => expect(page.lines().join('\n')).toContain(' # Architecture\n storage'))
    page.give('down')
    await eventually(() => expect(page.lines().join('\n')).toContain('It is binary'))
    page.give('down')
    expect(page.lines().join('\n')).toContain('It was not written: it leaves the folder by "..".')
  })

  it('are copied by their path', async () => {
    expect((await withFiles()).copied()).toBe('runs/r/outputs/architect/output.md')
  })
})

describe('the events', () => {
  it('are those of the task, newest last, and begin at their end', async () => {
    const dir = await tempDir()
    const run = busyRun()
    await mkdir(join(dir, 'runs', 'r'), { recursive: true })
    await writeFile(join(dir, 'runs', 'r', 'events.jsonl'), run.log.map((event) => `${JSON.stringify(event)}\n`).join(''))
    const page = await onPage('files', { dir, state: run.state })
    page.give('next-pane')
    await eventually(() => expect(page.lines().join('\n')).toContain('complete'))
    const told = page.lines().slice(2).filter((line) => line !== '')
    expect(told[0]).toBe(' 12:00:00 ○ added from plan.yaml:1')
    expect(told.at(-1)).toBe(' 12:01:50 ✔ complete')
    expect(told.join('\n')).toContain('✖ took too long after 8.0 s')
    expect(told.join('\n')).not.toContain('schema')
  })
})
