import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ShownRun } from '../../../src/app/screen.ts'
import { textOf, widthOf } from '../../../src/tui/lines/fit.ts'
import { headerLines } from '../../../src/tui/panes/header.ts'
import { timeOfDay } from '../../../src/tui/clock.ts'
import { conductor } from '../../core/conductor.ts'
import { plan, settings, task } from '../../core/specs.ts'
import { morning, sceneOf } from './scene.ts'

type Conductor = ReturnType<typeof conductor>

function header(run: Conductor, width: number, height = 2, is: ShownRun['is'] = 'live'): string[] {
  return headerLines(sceneOf(run, { is }).glance(), { width, height }).map(textOf)
}
const status = (run: Conductor, is: ShownRun['is'] = 'live') => header(run, 120, 2, is)[0] ?? ''
const limits = (more: object) => ({ budget: { ...settings().budget, ...more } })

/** A run of two tasks that costs nothing, at its end. */
function ended(fails = false) {
  const run = conductor({ max_concurrent: 2 })
  run.add({ ...plan(task('a'), task('b')), files: [] })
  run.next()
  run.pass(65_000)
  run.end('a')
  run.end('b', fails ? { result: 'failed', kind: 'bad_request', message: 'no', duration_ms: 1 } : undefined)
  run.next()
  return run
}

describe('the first line of the header', () => {
  it('tells at 120 columns who it is, how the run stands, how many tasks stand how, and how long it may take', () => {
    const run = morning()
    expect(status(run)).toMatch(/^ tutti · p {3}run r {3}▶ running 46s {3}✔ 1\/9 {2}● 2 running {2}○ 3 {2}⏸ 1 held {2}✖ 1 failed {2}⊘ 1 {3}ETA >\d+[sm] +/)
    expect(status(run).trimEnd()).toMatch(new RegExp(`${timeOfDay(Date.parse(run.now()))}$`))
  })

  it('says the signs in words where there is room', () => {
    expect(header(morning(), 200)[0]).toContain('✔ 1/9 complete  ● 2 running  ○ 3 waiting  ⏸ 1 held  ✖ 1 failed  ⊘ 1 blocked')
  })

  it('keeps what needs a person and the state longest as columns run out', () => {
    const run = morning()
    expect(header(run, 80)[0]).toMatch(/▶ running 46s .*⏸ 1 .*✖ 1 .*ETA >/)
    expect(header(run, 40)[0]).toMatch(/^ ▶ running 46s .*⏸ 1 .*✖ 1/)
    expect(header(run, 24)[0]).toMatch(/^ ▶ running.* ⏸ 1/)
    expect(header(run, 12)[0]?.trim()).toBe('▶ running')
  })

  it('never cuts a word, at any width, and always fills its room', () => {
    const words = new Set(['tutti', '·', 'p', 'run', 'r', '▶', 'running', '46s', 'ETA', 'complete', 'waiting', 'held', 'failed', 'blocked'])
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 240 }), fc.constantFrom(1, 2), (width, height) => {
        const [line = ''] = header(morning(), width, height)
        expect(line).toHaveLength(width)
        for (const word of line.trim().split(/\s+/)) expect(words.has(word) || /^([✔●○⏸✖⊘]|\d+(\/\d+)?|>\d+[sm]|\d\d:\d\d|\$0\.\d+)$/.test(word), `${word} at ${width}`).toBe(true)
      }),
    )
  })

  it('says what stands in the way of a run', () => {
    const paused = morning()
    paused.send({ type: 'pause', by: 'anna' })
    expect(status(paused)).toMatch(/⏸ paused .*ETA —/)

    const asks = conductor({ when_held: 'stay' })
    asks.add(plan(task('a', { requires_approval: true })))
    asks.next()
    expect(status(asks)).toContain('⏸ waiting for you')

    const poor = morning(limits({ day: 620_001 }))
    for (const id of ['docs']) poor.end(id)
    poor.send({ type: 'skip', task: 'flaky', by: 'x' })
    poor.send({ type: 'skip', task: 'schema', by: 'x' })
    poor.next()
    expect(status(poor)).toContain('⏸ held by budget')

    const empty = conductor({ when_held: 'stay' })
    expect(status(empty)).toContain('○ waiting')
  })

  it('says how a run ended, whoever looks at it', () => {
    expect(status(ended())).toContain('✔ done 1m05s')
    expect(status(ended(true))).toContain('✖ failed 1m05s')
    expect(status(ended())).not.toContain('ETA')
    expect(status(ended(), 'recorded')).toContain('✔ recorded: done 1m05s')
    expect(status(morning(), 'recorded')).toContain('■ recorded: left unfinished')
    expect(status(morning(), 'followed')).toContain('▶ watching: running')
    expect(status(morning(), 'replayed')).toContain('▶ replay: running')
  })

  it('shows how far a replay is, and what it has cost by then, instead of what may still be spent', () => {
    const glance = sceneOf(ended(), { is: 'replayed' }).glance()
    const playback = { isPlaying: true, speed: 10, elapsed_ms: 5_000, total_ms: 65_000, done: 0.1, step: 3, steps: 9, waits: 'none', marks: [] }
    const run = { ...glance.run, player: { playback } } as unknown as ShownRun
    const [first = '', second = ''] = headerLines({ ...glance, run }, { width: 80, height: 2 }).map(textOf)
    expect(first).toContain('✔ replay: done')
    expect(second).toMatch(/^ ▶ 10× +00:05 ━+●─+ 01:05 {2}step 3\/9/)
  })

  it('says what is waited for where there is no run', () => {
    const glance = { ...sceneOf(conductor()).glance(), run: undefined }
    expect(textOf(headerLines(glance, { width: 80, height: 2 })[0] ?? [])).toContain('tutti · p   ○ watching tasks/')
  })
})

describe('the meters', () => {
  const money = (run: Conductor, width: number) => header(run, width)[1]?.trim() ?? ''

  it('tell what was spent, is set aside and is free, with the words that there is room for', () => {
    const run = morning()
    expect(money(run, 200)).toMatch(/^day \$0\.62 \+\$0\.02 reserved ▓▓▒░{11} \$5, \$4\.36 free {3}month \$7\.79 .* \$42\.19 free {3}run \$0\.00 \+\$0\.02 reserved {3}saved \$0\.14$/)
    expect(money(run, 120)).toBe('day $0.62 ▓▒░░░░░░░░ $5, $4.36 free   month $7.79 ▓▓▒░░░░░░░ $50, $42.19 free   run $0.00 +$0.02 reserved   saved $0.14')
    expect(money(run, 80)).toBe('day $0.62 ▓▒░░░░ $5   month $7.79 ▓▒░░░░ $50   run $0.00   saved $0.14')
    expect(money(run, 40)).toMatch(/^day \$0\.62 of \$5 {3}run \$0\.00$/)
  })

  it('stay as long as there is room for them, before what was saved', () => {
    const run = morning(limits({ day: 5_000_000, month: 50_000_000, run: 3_000_000 }))
    expect(money(run, 80)).toBe('day $0.62 ▓▒░░░░ $5   month $7.79 ▓▒░░░░ $50   run $0.00 ▒░░░░░ $3')
    expect(money(run, 60)).toBe('day $0.62 of $5   month $7.79 of $50   run $0.00 of $3')
  })

  it('warn with a sign and words, not by colour alone, and stay longest then', () => {
    const run = morning(limits({ day: 700_000, month: 8_000_000 }))
    expect(money(run, 80)).toMatch(/⚠ day .*88% spent.*⚠ month .*97% spent/)
    expect(money(run, 40)).toMatch(/^⚠ .*% spent$/)
    expect(money(morning(limits({ day: 600_000 })), 80)).toMatch(/^✖ day .*used up/)
  })

  it('turn their colour with the sign, at the share that the configuration names', () => {
    const styleOfDay = (warn_at_pct: number) => {
      const lines = headerLines(sceneOf(morning(limits({ day: 1_000_000, warn_at_pct }))).glance(), { width: 80, height: 2 })
      return lines[1]?.find(({ text }) => text.includes('day'))
    }
    expect(styleOfDay(62)).toEqual({ text: '⚠ day ', style: 'warn' })
    expect(styleOfDay(63)).toEqual({ text: 'day ' })
  })

  it('look full only when nothing is left', () => {
    expect(money(morning(limits({ day: 630_000 })), 80)).toMatch(/▓+░ /)
    expect(money(morning(limits({ day: 620_000 })), 80)).toMatch(/▓{6,} \$/)
  })

  it('say that there is no limit where there is none', () => {
    expect(money(ended(), 80)).toBe('run $0.00   no limit is set')
  })

  it('leave what matters of them to the first line where there is no second', () => {
    const [line = '', ...others] = header(morning(limits({ day: 700_000 })), 100, 1)
    expect(others).toEqual([])
    expect(line).toContain('⚠ day 88% spent')
  })

  it('fill their room at any width', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 240 }), fc.constantFrom(null, 600_000, 700_000, 5_000_000), (width, day) => {
        const lines = headerLines(sceneOf(morning(limits({ day }))).glance(), { width, height: 2 })
        for (const line of lines) expect(widthOf(line)).toBe(width)
      }),
      { numRuns: 60 },
    )
  })
})
