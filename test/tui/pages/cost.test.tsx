import { describe, expect, it } from 'vitest'
import { busyRun } from './scenario.ts'
import { shown, SIZES } from './shown.tsx'

const cost = { page: 'cost', by: 'tier', at: 0 } as const
const cellsOf = (line: string | undefined) => line?.replace(/^▌ /, '').trim().split(/ {2,}/)

describe('the cost page', () => {
  it.each(SIZES)('tells attempts, tokens, money and share by tier at $width columns', async (size) => {
    const page = await shown({ page: cost, size, state: busyRun().state })
    const [tabs, heading, first, total] = page.lines()
    expect(tabs).toContain('[tier] model  task')
    expect(cellsOf(heading)).toEqual(['name', 'attempts', 'tokens in', 'out', 'spent', 'share'])
    expect(cellsOf(first)).toEqual(['local', '2', '12k', '3.1k', '≤ $0.0029', '100 %'])
    expect(cellsOf(total)?.[0]).toBe('total')
    expect(page.title()).toBe('cost · $0.0029 in this run · Esc back')
  })

  it('turns to models and tasks, and round', async () => {
    const page = await shown({ page: cost, state: busyRun().state })
    const first = () => cellsOf(page.lines()[2])?.[0]
    page.give('right')
    expect(first()).toBe('ollama/qwen')
    page.give('next-pane')
    expect(first()).toBe('architect')
    page.give('right')
    expect(first()).toBe('local')
    page.give('left', 'open')
    expect(page.ui().pages.at(-1)).toMatchObject({ page: 'task', task: 'architect' })
  })

  it('draws spending over the time of the run', async () => {
    const lines = (await shown({ page: cost, state: busyRun().state })).lines()
    const bars = lines.findIndex((line) => line.includes('█'))
    // Five minutes over 78 columns: an estimate after 8 seconds, the answer after 110.
    expect(Array.from(lines[bars] ?? '').flatMap((bar, column) => (bar === '▁' || bar === ' ' ? [] : [[column, bar]]))).toEqual([
      [3, '▃'],
      [29, '█'],
    ])
    expect(lines[bars + 1]).toMatch(/^ 12:00:00 {2}spent over time +12:05:00$/)
  })

  it('holds it against the limits', async () => {
    const text = (await shown({ page: cost, state: busyRun().state })).lines().join('\n')
    expect(text).toMatch(/ day +▓▒░+ \$0\.0029 of \$5\.00, \$0\.02 set aside\n/)
    expect(text).toMatch(/ run +▓▒░+ \$0\.0029 of \$2\.00, \$0\.02 set aside\n/)
  })

  it('says what starting cheap has saved, and what a success has cost', async () => {
    const text = (await shown({ page: cost, state: busyRun().state, size: SIZES[2] })).lines().join('\n')
    // 12,400 tokens at $3 and 3,100 at $15 a million are $0.0837.
    expect(text).toContain('saved about $0.081 by starting cheap, an estimate: $0.0029 instead of about $0.084 had 1 task gone to the tier complex at once')
    expect(text).toContain('$0.0029 for each verified success')
  })

  it('says so before anything was spent', async () => {
    expect((await shown({ page: cost })).lines().join('\n')).toContain('Nothing was spent in this run yet.')
  })

  it('says what it can on 40×12, in ASCII too', async () => {
    const lines = (await shown({ page: cost, state: busyRun().state, size: { width: 40, height: 12 }, unicode: false })).lines()
    for (const line of lines) expect(line).toMatch(/^[\u0020-\u007e]{0,40}$/)
    expect(cellsOf(lines[1])).toEqual(['name', 'attempts', 'spent', 'share'])
    expect(lines.join('\n')).toContain('100 %')
  })
})
