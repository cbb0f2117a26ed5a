import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Glance } from '../../../src/tui/glance.ts'
import { textOf, widthOf } from '../../../src/tui/lines/fit.ts'
import { queuePane } from '../../../src/tui/panes/queue.ts'
import { conductor, failure } from '../../core/conductor.ts'
import { plan, task } from '../../core/specs.ts'
import { morning, sceneOf } from './scene.ts'

const WIDTHS = [38, 66, 80, 120, 200]

function drawn(glance: Glance, width: number, height = 20) {
  const { title, note = [], lines } = queuePane(glance, { width, height })
  return { title: textOf(title), note: textOf(note), lines, texts: lines.map(textOf) }
}

const rowOf = (texts: readonly string[], id: string) => texts.find((text) => new RegExp(`^.. . ${id}\\b|^. . ${id}\\b`).test(text)) ?? ''

/** A run of so many tasks that are all ready. */
function many(count: number) {
  const run = conductor({ max_concurrent: 4 })
  run.add(plan(...Array.from({ length: count }, (_, index) => task(`t${index}`))))
  run.next()
  return run
}

describe.each(WIDTHS)('the queue on %i columns', (width) => {
  const { title, note, texts, lines } = drawn(sceneOf(morning()).glance(), width)

  it('shows every task with its sign, what needs a person first', () => {
    const ids = texts.slice(1).map((text) => text.trim().split(/\s+/)[1])
    expect(ids).toEqual(['schema', 'builder', 'docs', 'flaky', 'qa', 'release', 'broken', 'cleanup', 'architect'])
    expect(texts.slice(1).map((text) => text[2])).toEqual(['⏸', '●', '●', '○', '○', '○', '✖', '⊘', '✔'])
    expect(title).toBe('queue · 9 tasks')
    expect(note).toBe('by need')
  })

  it('says what each waits for, and which key changes it', () => {
    expect(rowOf(texts, 'schema')).toContain('approval — press a')
    expect(rowOf(texts, 'flaky')).toContain('retry in 1s')
    expect(rowOf(texts, 'release')).toContain('needs qa')
    expect(rowOf(texts, 'cleanup')).toContain('blocked by broken')
    expect(rowOf(texts, 'broken')).toContain('failed: exit')
  })

  it('names its columns, and is no wider than its room', () => {
    expect(texts[0]).toMatch(/task +(title +)?status/)
    for (const line of lines) expect(widthOf(line)).toBe(width)
  })
})

it('the queue on 80 columns says whose quota is used up, and which key has it asked again', () => {
  const run = conductor({ when_held: 'stay', max_concurrent: 1, providers: { paid: { type: 'openai' } }, default_provider: 'paid' })
  run.add(plan(task('ask'), task('tell'), task('after', { depends_on: ['ask'] })))
  run.next()
  run.end('ask', failure('quota_exhausted'))
  run.next()
  const { texts } = drawn(sceneOf(run).glance({ ui: { selected: 'ask' } }), 80)
  expect(rowOf(texts, 'ask')).toMatch(/⏸ ask +no quota — press a to ask again/)
  expect(rowOf(texts, 'tell')).toMatch(/⏸ tell +paid has no quota left/)
  expect(texts.slice(1).map((text) => text.trim().split(/\s+/)[1])).toEqual(['ask', 'tell', 'after'])
})

describe('the columns of the queue', () => {
  const headAt = (width: number) => drawn(sceneOf(morning()).glance(), width).texts[0]?.trim().split(/\s+/)

  it('come with the room for them', () => {
    expect(headAt(30)).toEqual(['task', 'status'])
    expect(headAt(40)).toEqual(['task', 'status', 'time'])
    expect(headAt(66)).toEqual(['task', 'status', 'tier', 'time', 'cost'])
    expect(headAt(100)).toEqual(['task', 'status', 'tier', 'route', 'time', 'cost'])
    expect(headAt(150)).toEqual(['task', 'title', 'status', 'tier', 'route', 'time', 'cost'])
  })

  it('fill the room, and no more of it, at any width and height', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 250 }), fc.integer({ min: 1, max: 20 }), (width, height) => {
        const { lines } = drawn(sceneOf(morning()).glance(), width, height)
        expect(lines.length).toBeLessThanOrEqual(height)
        if (width >= 12) for (const line of lines) expect(widthOf(line)).toBe(width)
      }),
      { numRuns: 60 },
    )
  })

  it('leave out tiers where there are none', () => {
    expect(drawn(sceneOf(many(2)).glance(), 120).texts[0]).not.toContain('tier')
  })

  it('shorten a long id in its middle, so that ids with the same beginning stay apart', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add(plan(task('translate-chapter-of-the-handbook.1'), task('translate-chapter-of-the-handbook.2')))
    const { texts } = drawn(sceneOf(run).glance(), 40)
    expect(texts.slice(1).map((text) => /\.[12]\b/.exec(text)?.[0])).toEqual(['.1', '.2'])
  })
})

describe('the status of a row', () => {
  it('tells which attempt it is, and who ended a task, without saying anything twice', () => {
    const run = morning()
    run.send({ type: 'skip', task: 'schema', by: 'anna' })
    run.pass(5_000)
    run.next()
    run.end('docs')
    run.next()
    const { texts } = drawn(sceneOf(run).glance(), 80)
    expect(rowOf(texts, 'schema')).toMatch(/schema +skipped by anna +complex/)
    expect(rowOf(texts, 'flaky')).toMatch(/flaky +attempt 2 runs +local/)
  })
})

describe('the window on the queue', () => {
  it('says how many tasks are above and below it', () => {
    const scene = sceneOf(many(5_000))
    expect(drawn(scene.glance(), 80, 11)).toMatchObject({ title: 'queue · 5,000 tasks', note: 'by need · ↓ 4,990 more' })
    const last = scene.queue.ids().at(-1)
    expect(drawn(scene.glance({ ui: { selected: last } }), 80, 11).note).toBe('by need · ↑ 4,990 more')
  })

  it('keeps the selected row in sight, and shows it selected from edge to edge, when the order changes under it', () => {
    const run = many(40)
    const scene = sceneOf(run)
    const selected = 't0'
    const isSelected = (glance: Glance) => drawn(glance, 80, 11).lines.filter((line) => line.length > 0 && line.every((span) => span.selected === true && span.style === undefined)).map(textOf)
    expect(isSelected(scene.glance({ ui: { selected } }))).toEqual([expect.stringContaining('● t0 ')])
    run.end('t0')
    run.next()
    expect(isSelected(scene.glance({ ui: { selected } }))).toEqual([expect.stringContaining('✔ t0 ')])
  })

  it('has no names of columns where rows are scarce', () => {
    expect(drawn(sceneOf(many(9)).glance(), 80, 5).texts[0]).toContain('● t0')
  })

  it('shows marks in a column of their own', () => {
    const { texts, note } = drawn(sceneOf(many(9)).glance({ ui: { marks: new Set(['t1', 't7']) } }), 80, 12)
    expect(texts.filter((text) => text.startsWith('◆')).map((text) => text.trim().split(/\s+/)[2])).toEqual(['t1', 't7'])
    expect(note).toBe('◆ 2 marked · by need')
  })
})

describe('the queue, filtered and sorted', () => {
  const scene = () => sceneOf(morning())
  const by = (filter: string, more: object = {}) => ({ ui: { queue: { filter, sort: 'need' as const, reversed: false, ...more } } })

  it('says what it shows of how many', () => {
    const { title, texts } = drawn(scene().glance(by('status:failed,blocked')), 80)
    expect(title).toBe('queue · 2 of 9 · filter "status:failed,blocked"')
    expect(texts).toHaveLength(3)
  })

  it('says that a filter is no regular expression, and shows everything', () => {
    const { title, texts } = drawn(scene().glance(by('/[/')), 80)
    expect(title).toBe('queue · 9 · ⚠ /[/ is no regular expression')
    expect(texts).toHaveLength(10)
  })

  it('says how to come back where nothing is like the filter', () => {
    const { title, texts } = drawn(scene().glance(by('zebra')), 80)
    expect(title).toBe('queue · 0 of 9 · filter "zebra"')
    expect(texts.join('\n')).toContain('Esc takes the filter away')
    expect(drawn(scene().glance({ ...by('zebra'), keys: { back: ['F2'] } }), 80).texts.join('\n')).toContain('F2 takes the filter away')
  })

  it('says how it is sorted', () => {
    expect(drawn(scene().glance(by('', { sort: 'cost', reversed: true })), 80).note).toBe('by cost, reversed')
  })
})

describe('the queue without tasks', () => {
  it('says what to do', () => {
    const glance = { ...sceneOf(conductor()).glance(), waiting: 'watching tasks/\nDrop a task file into it.' }
    for (const run of [glance.run, undefined]) {
      const { texts } = drawn({ ...glance, run }, 80)
      expect(texts.map((text) => text.trim()).filter((text) => text !== '')).toEqual(['watching tasks/', 'Drop a task file into it.'])
    }
    expect(drawn({ ...glance, waiting: '' }, 80).texts.join('\n')).toContain('no task yet')
  })
})

it('a run that can only be looked at offers no key', () => {
  const { texts } = drawn(sceneOf(morning(), { is: 'followed' }).glance(), 80)
  expect(rowOf(texts, 'schema')).toMatch(/schema +approval +complex/)
})
