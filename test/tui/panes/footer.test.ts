import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textOf, widthOf } from '../../../src/tui/lines/fit.ts'
import { footerLines } from '../../../src/tui/panes/footer.ts'
import type { Prompt, Ui } from '../../../src/tui/ui.ts'
import { conductor } from '../../core/conductor.ts'
import { morning, sceneOf, type SceneOptions } from './scene.ts'

function footer(ui: Partial<Ui> = {}, width = 200, options: SceneOptions = {}): string {
  return textOf(footerLines(sceneOf(morning(), options).glance({ ...options, ui }), { width, height: 1 })[0] ?? []).trimEnd()
}
/** What the keys are said to do, in their order. */
const keys = (ui: Partial<Ui> = {}, options: SceneOptions = {}) => footer(ui, 200, options).trim().split('  ')

describe('the keys on the bottom line', () => {
  it('are those that mean something for the selected task', () => {
    expect(keys({ selected: 'schema' })).toEqual(['a approve', 'd reject', 's skip', 'p pause', 'c cancel', 'Tab pane', 'Enter open', '/ filter', 'o sort', '+ zoom', 'i inbox 1', '? help', ': command', 'q quit'])
    expect(keys({ selected: 'broken' })).toEqual(['p pause', 'r retry', 'Tab pane', 'Enter open', '/ filter', 'o sort', '+ zoom', 'i inbox 1', '? help', ': command', 'q quit'])
    expect(keys({ selected: 'cleanup' })).not.toContain('r retry')
    expect(keys({ selected: 'builder' })).not.toContain('r retry')
    expect(keys({ selected: 'flaky' })).toContain('r retry')
  })

  it('are those that mean something for any of the marked tasks', () => {
    const marks = new Set(['architect', 'schema'])
    expect(keys({ selected: 'architect', marks })).toEqual(expect.arrayContaining(['a approve', 'Esc back']))
    expect(keys({ selected: 'schema', marks: new Set(['architect']) })).not.toContain('a approve')
  })

  it('are those of the place: a pane, a page, a replay', () => {
    expect(keys({ focus: 'log' })).toContain('/ search')
    expect(keys({ focus: 'log' })).not.toContain('/ filter')
    expect(keys({ focus: 'log' })).toContain('A all logs')
    expect(keys({ focus: 'graph' })).toContain('v shape')
    for (const key of ['A all logs', 'v shape']) expect(keys({ focus: 'queue' })).not.toContain(key)
    expect(keys({ pages: [{ page: 'help', at: 0 }] })).toEqual(expect.arrayContaining(['Esc back', 'q quit']))
    for (const key of ['Tab pane', 'Enter open', '/ filter', '+ zoom']) expect(keys({ pages: [{ page: 'help', at: 0 }] })).not.toContain(key)
    expect(keys({}, { is: 'replayed' })).toEqual(expect.arrayContaining(['Space play/stop', '{ back', '} forth']))
  })

  it('say that Tab turns the parts of a page that has some', () => {
    expect(keys({ pages: [{ page: 'cost', by: 'tier', at: 0 }] })).toContain('Tab part')
    expect(keys({ pages: [{ page: 'help', at: 0 }] }).some((key) => key.startsWith('Tab'))).toBe(false)
  })

  it('offer Enter on the cost page only where it opens something', () => {
    expect(keys({ pages: [{ page: 'cost', by: 'task', at: 0 }] })).toContain('Enter open')
    expect(keys({ pages: [{ page: 'cost', by: 'tier', at: 0 }] })).not.toContain('Enter open')
  })

  it('are few while there is nothing to act on', () => {
    const glance = sceneOf(conductor()).glance()
    const said = (run: typeof glance.run) => textOf(footerLines({ ...glance, run }, { width: 120, height: 1 })[0] ?? []).trim().split('  ')
    expect(said(undefined)).toEqual(['H runs', '? help', ': command', 'q quit'])
    for (const key of ['Tab pane', 'Enter open', '/ filter', 'i inbox']) expect(said(glance.run)).not.toContain(key)
  })

  it('steer nothing where the run can only be looked at', () => {
    for (const is of ['followed', 'recorded', 'replayed'] as const) {
      for (const key of ['a approve', 's skip', 'c cancel', 'p pause']) expect(keys({ selected: 'schema' }, { is })).not.toContain(key)
    }
  })

  it('lead back from an earlier run', () => {
    const glance = { ...sceneOf(morning(), { is: 'recorded' }).glance(), isAside: true }
    expect(textOf(footerLines(glance, { width: 120, height: 1 })[0] ?? [])).toMatch(/Esc back .*q close/)
  })

  it('say that p goes on where the run is paused', () => {
    const run = morning()
    run.send({ type: 'pause', by: 'anna' })
    expect(textOf(footerLines(sceneOf(run).glance(), { width: 120, height: 1 })[0] ?? [])).toContain('p go on')
  })

  it('are those that a person has chosen', () => {
    const chosen = keys({ selected: 'schema' }, { keys: { approve: ['F5'], skip: [] } })
    expect(chosen).toContain('F5 approve')
    expect(chosen.some((key) => key.endsWith(' skip'))).toBe(false)
  })

  it('drop out whole as columns run out: what a person is waited for, the help and the way out stay longest', () => {
    expect(footer({ selected: 'schema' }, 80)).toBe(' a approve  d reject  s skip  p pause  Enter open  i inbox 1  ? help  q quit')
    expect(footer({ selected: 'schema' }, 40)).toBe(' a approve  i inbox 1  ? help  q quit')
    expect(footer({ selected: 'schema' }, 16)).toBe(' ? help  q quit')
  })
})

const cancel = (question: string): Prompt => ({ ask: 'choose', question, choices: [{ key: 'y', says: 'yes', brief: 'yes', does: [] }], no: { key: 'n', says: 'no', brief: 'no' }, about: [] })

describe('a prompt on the bottom line', () => {
  const prompt = (given: Prompt, width = 80) => footerLines(sceneOf(morning()).glance({ ui: { prompt: given, queue: { filter: given.ask === 'filter' ? given.text : '', sort: 'need', reversed: false } } }), { width, height: 1 })[0] ?? []
  const typed = (ask: 'filter' | 'command' | 'search', text: string, width = 80) => textOf(prompt({ ask, text, before: '' }, width))

  it('shows where it is typed, by a cell that is reversed', () => {
    const line = prompt({ ask: 'filter', text: 'abc', before: '' })
    expect(textOf(line)).toMatch(/^ \/abc /)
    const at = line.findIndex((span) => span.selected === true)
    expect(textOf(line.slice(0, at))).toBe(' /abc')
    expect(line[at]?.text).toBe(' ')
    expect(line.filter((span) => span.selected === true)).toHaveLength(1)
  })

  it('says what a filter may be, how many tasks it shows, and that it is not understood', () => {
    expect(typed('filter', '')).toContain('/regex/  status:failed')
    expect(typed('filter', 'status:failed')).toContain('1 shown')
    expect(typed('filter', '/[/')).toContain('⚠ /[/ is no regular expression')
  })

  it('says what a command could go on with', () => {
    expect(typed('command', 'appr')).toMatch(/^ :appr +approve $/)
    expect(typed('command', 're')).toContain('retry  retry-below  retry-providers')
    expect(typed('command', 'approve s')).toMatch(/^ :approve s +schema $/)
    expect(typed('command', 'sort ')).toContain('need  name  time  cost  tier')
    expect(typed('command', '')).toMatch(/ \+\d+ $/)
  })

  it('keeps the end of a long text in sight, and the answers of a long question', () => {
    expect(typed('filter', `${'x'.repeat(100)}END`, 40)).toMatch(/^ \/…x+END +$/)
    expect(textOf(prompt(cancel(`cancel ${'x'.repeat(100)}?`), 40))).toMatch(/^ cancel x+… {2}y yes {2}n no$/)
    expect(textOf(prompt(cancel('cancel "a"?'), 40)).trimEnd()).toBe(' cancel "a"?  y yes  n no')
  })

  it('lets nothing through that could steer the terminal', () => {
    expect(typed('filter', 'a\u001b[2Jb')).toMatch(/^ \/ab /)
  })
})

describe('a notice on the bottom line', () => {
  const notice = (kind: 'note' | 'warning' | 'error') => footerLines(sceneOf(morning()).glance({ ui: { notice: { kind, text: 'something\u001b[2J happened' } } }), { width: 40, height: 1 })[0] ?? []

  it('stands instead of the keys, with a sign for how bad it is', () => {
    expect((['note', 'warning', 'error'] as const).map((kind) => textOf(notice(kind)).trimEnd())).toEqual([' · something happened', ' ⚠ something happened', ' ✖ something happened'])
  })
})

it('the bottom line fills its room, whatever stands on it', () => {
  const anyAsk = fc.record({ text: fc.string({ unit: 'grapheme' }), options: fc.array(fc.record({ label: fc.string({ unit: 'grapheme' }) }), { maxLength: 12 }), multiple: fc.boolean() })
  const anyUi = fc.oneof(
    fc.record({ selected: fc.constantFrom('schema', 'broken', 'flaky') }),
    fc.record({ prompt: fc.record({ ask: fc.constantFrom('filter', 'command', 'search'), text: fc.string(), before: fc.constant('') }) }),
    fc.record({ prompt: fc.record({ ask: fc.constant('answer'), text: fc.string(), to: fc.constant({ type: 'answer', task: 'schema', answers: [''] }), asks: fc.array(anyAsk, { minLength: 1, maxLength: 3 }), said: fc.constant([]) }) }),
    fc.record({ prompt: fc.record({ ask: fc.constant('comment'), text: fc.string(), to: fc.constant([{ type: 'reject', task: 'schema' }]), must: fc.boolean(), isMissing: fc.boolean() }) }),
    fc.record({ prompt: fc.record({ question: fc.string() }).map(({ question }) => cancel(question)) }),
    fc.record({ notice: fc.record({ kind: fc.constantFrom('note', 'warning', 'error'), text: fc.string({ unit: 'grapheme' }) }) }),
  )
  const glance = sceneOf(morning()).glance()
  fc.assert(
    fc.property(anyUi, fc.integer({ min: 1, max: 200 }), (ui, width) => {
      const [line = []] = footerLines({ ...glance, ui: { ...glance.ui, ...(ui as Partial<Ui>) } }, { width, height: 1 })
      expect(widthOf(line)).toBe(width)
    }),
    { numRuns: 300 },
  )
})
