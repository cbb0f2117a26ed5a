import { describe, expect, it, vi } from 'vitest'
import { textOf, widthOf } from '../../../src/tui/lines/fit.ts'
import { shownText } from '../../../src/tui/panes/log.ts'
import { task } from '../../core/specs.ts'
import { lines, logWorld } from '../log-world.ts'

const TIME = /^\d\d:\d\d:\d\d /

describe('the log of the selected task', () => {
  it('follows what the task says', async () => {
    const world = await logWorld([task('builder')])
    expect(world.rows()).toEqual(['nothing said yet'])
    await world.says('builder', lines(200))
    expect(world.rows()).toEqual(lastLines(200, world.view().room.height))
    expect(world.note()).toBe('live')
    await world.says('builder', lines(100, 201))
    expect(world.rows().at(-1)).toBe('line 300')
  })

  it('stays where a person has scrolled to, and follows again at the end', async () => {
    const world = await logWorld([task('builder')])
    await world.says('builder', lines(200))
    world.act('up', 'up')
    expect(world.rows().at(-1)).toBe('line 198')
    await world.says('builder', lines(200, 201))
    expect(world.rows().at(-1)).toBe('line 198')
    expect(world.note()).toMatch(/^\d+ %$/)
    world.act('top')
    expect(world.rows()[0]).toBe('line 1')
    world.act('up')
    expect(world.rows()[0]).toBe('line 1')
    world.act('bottom')
    await world.says('builder', 'the end\n')
    expect(world.rows().at(-1)).toBe('the end')
    world.act('page-up', 'page-down')
    await world.says('builder', 'really\n')
    expect(world.rows().at(-1)).toBe('really')
  })

  it('shows every line once when it is paged through', async () => {
    const world = await logWorld([task('builder')])
    await world.says('builder', lines(500))
    world.act('top')
    const seen = world.rows()
    for (let page = 0; page < 40; page++) {
      world.act('page-down')
      seen.push(...world.rows().slice(world.rows().indexOf(seen.at(-1) ?? '') + 1))
    }
    expect(seen.join('\n')).toBe(lines(500).trimEnd())
  })

  it('names the task, the attempt, and where it runs', async () => {
    const world = await logWorld([task('builder', { provider: 'claude', model: 'sonnet' })], { settings: { providers: { claude: { type: 'claude-code' } } }, size: { width: 200, height: 60 } })
    expect(world.title()).toBe('log · builder #1 · claude · sonnet')
    world.failAndTryAgain('builder')
    expect(world.title()).toBe('log · builder #2 of 2 · claude · sonnet')
  })

  it('shows earlier attempts, and goes on with the newest', async () => {
    const world = await logWorld([task('builder'), task('docs')])
    await world.says('builder', 'first try\n')
    world.failAndTryAgain('builder')
    await world.says('builder', 'second try\n', 2)
    expect(world.rows()).toEqual(['second try'])
    world.act('earlier-attempt')
    expect(world.rows()).toEqual(['first try'])
    expect(world.title()).toContain('#1 of 2')
    world.act('earlier-attempt')
    expect(world.notice()).toBe('this is its first attempt')
    world.select('docs')
    expect(world.rows()).toEqual(['nothing said yet'])
    world.select('builder')
    world.act('later-attempt')
    expect(world.rows()).toEqual(['second try'])
    world.failAndTryAgain('builder')
    expect(world.title()).toContain('#3 of 3')
  })

  it('follows the log of another task that is selected, wherever one was in this one', async () => {
    const world = await logWorld([task('a'), task('b')])
    await Promise.all(['a', 'b'].map((id) => world.says(id, lines(300))))
    world.select('a')
    world.act('top')
    world.select('b')
    expect(world.rows().at(-1)).toBe('line 300')
    world.select('a')
    expect(world.rows()[0]).toBe('line 1')
  })

  it('says what a task waits for that has not run', async () => {
    const world = await logWorld([task('architect'), task('schema'), task('builder', { depends_on: ['architect', 'schema'] }), task('deploy', { requires_approval: true })])
    world.select('builder')
    expect(world.rows()[0]).toBe(' waits for architect, schema')
    world.end('architect')
    expect(world.rows()[0]).toBe(' waits for schema')
    world.select('deploy')
    expect(world.rows()[0]).toBe(' waits for approval')
  })

  it('shows what a task is asked to do before it does it: that is what a person approves', async () => {
    const world = await logWorld([task('deploy', { requires_approval: true, work: { kind: 'prompt', prompt: 'Deploy it\u001b[2J to the live servers.' } })])
    expect(world.rows()).toEqual([' waits for approval', '', ' prompt', ' Deploy it to the live servers.'])
  })

  it('says so where an attempt has said nothing', async () => {
    const world = await logWorld([task('quiet')])
    world.end('quiet')
    expect(world.rows()).toEqual(['it said nothing'])
  })
})

describe.each([80, 120, 200])('at %i columns', (width) => {
  const size = { width, height: 40 }

  it('wraps long lines between words, and scrolls through them row by row', async () => {
    const world = await logWorld([task('a')], { size })
    const prose = Array.from({ length: 2_000 }, (_, index) => `word${index}`).join(' ')
    await world.says('a', `before\n${prose}\nafter\n`)
    const { room } = world.view()
    for (const line of world.view().lines) expect(widthOf(line)).toBeLessThanOrEqual(room.width)
    const rows = ['', ...world.rows()]
    while (rows[1] !== 'before') {
      world.act('up')
      rows[0] = ''
      rows.splice(1, 0, world.rows()[0] ?? '')
    }
    expect(rows.slice(1).join(' ')).toBe(`before ${prose} after`)
  })

  it('shows one row a line where lines are not wrapped', async () => {
    const world = await logWorld([task('a')], { size })
    await world.says('a', `${'x'.repeat(1_000)}\nshort\n`)
    world.act('wrap')
    expect(world.view().lines).toHaveLength(2)
    world.act('wrap')
    expect(world.view().lines.length).toBeGreaterThan(4)
  })

  it('keeps columns where characters are wide, and hostile text harmless', async () => {
    const world = await logWorld([task('a')], { size })
    await world.says('a', `${'日本語'.repeat(100)}\n\u001b[2J\u001b]0;title\u0007gone \u001b[31mred\u001b[0m\ttab\n10 %\r50 %\r100 %\r\n`)
    const { lines: shown, room } = world.view()
    for (const line of shown) expect(widthOf(line)).toBeLessThanOrEqual(room.width)
    expect(Array.from(shown.map(textOf).join('')).filter((sign) => sign < ' ')).toEqual([])
    expect(world.rows().slice(-2)).toEqual(['gone red    tab', '100 %'])
    expect(shown.flat().find(({ sgr }) => sgr !== undefined)).toEqual({ text: 'red', sgr: '31' })
  })
})

describe('when each line came', () => {
  it('is shown before the line', async () => {
    const world = await logWorld([task('a')])
    await world.saysAt('a', [0, 'one\n'], [61_000, `two ${'long '.repeat(40)}\n`])
    world.act('times')
    const [one = '', two = '', more = ''] = world.rows()
    expect(one).toMatch(TIME)
    expect(one.slice(9)).toBe('one')
    expect(seconds(two) - seconds(one)).toBe(61)
    expect(more.slice(0, 9).trim()).toBe('')
  })

  it('is not made up where it was not written down', async () => {
    const world = await logWorld([task('a')])
    await world.says('a', 'one\n')
    world.act('times')
    expect(world.rows()).toEqual(['one'])
    expect(world.note()).toContain('times are not known')
  })

  it('hides what comes later than the moment that is played', async () => {
    const world = await logWorld([task('a')], { is: 'replayed' })
    await world.saysAt('a', [0, 'one\n'], [5_000, 'two\n'], [9_000, 'three\n'])
    world.playTo(6_000)
    expect(world.rows()).toEqual(['one', 'two'])
    world.playTo(9_000)
    expect(world.rows()).toEqual(['one', 'two', 'three'])
    world.playTo(-1)
    expect(world.rows()).toEqual(['nothing said yet'])
  })
})

describe('searching', () => {
  const searched = async (content: string, words: string) => {
    const world = await logWorld([task('a')])
    await world.says('a', content)
    world.search(words)
    await vi.waitUntil(() => !world.note().includes('…') && world.note() !== '')
    return world
  }

  it('goes to what was said last, marks it, counts the lines, and goes from one to the next', async () => {
    const world = await searched(lines(3_000), 'line 77')
    expect(world.note()).toContain('11 of 11')
    expect(world.rows()).toContain('line 779')
    world.act('next-match')
    expect(world.note()).toContain('1 of 11')
    expect(world.rows()).toContain('line 77')
    expect(world.found()).toEqual(['line 77'])
    world.act('next-match')
    expect(world.rows()).toContain('line 770')
    world.act('previous-match', 'previous-match')
    expect(world.note()).toContain('11 of 11')
  })

  it('shows which of the lines on the screen it has gone to', async () => {
    const world = await searched(lines(10), 'line')
    const chosen = () => world.view().lines.flatMap((line, index) => (line.some(({ selected }) => selected === true) ? [index] : []))
    expect(chosen()).toEqual([9])
    world.act('previous-match')
    expect(chosen()).toEqual([8])
  })

  it('shows the row that holds it of a long line', async () => {
    const world = await searched(`${'word '.repeat(2_000)}needle ${'word '.repeat(1_000)}\n${lines(500)}`, 'needle')
    expect(world.found()).toEqual(['needle'])
  })

  it('marks what is found while it is typed, and goes there with Enter', async () => {
    const world = await logWorld([task('a')])
    await world.says('a', `needle\n${lines(300)}`)
    for (const name of ['/', 'l', 'i', 'n', 'e']) world.store.press({ name })
    expect(world.found()).toEqual(world.rows().map(() => 'line'))
    for (const name of ['ctrl+u', 'n', 'e', 'e', 'd', 'enter']) world.store.press({ name })
    await vi.waitUntil(() => world.note().includes('1 of 1'))
    expect(world.rows()[0]).toBe('needle')
    const before = world.rows()
    world.store.press({ name: 'esc' })
    expect(world.found()).toEqual([])
    expect(world.rows()).toEqual(before)
  })

  it('goes on from where a person has scrolled to', async () => {
    const world = await searched(lines(3_000), '00')
    world.act('top', 'next-match')
    expect(world.note()).toContain('1 of')
    expect(world.rows()).toContain('line 100')
    world.act('bottom', 'previous-match')
    expect(world.rows()).toContain('line 3000')
  })

  it('finds what a person sees, colours or not, and small letters in large ones', async () => {
    const world = await searched(`${lines(100)}an \u001b[31mEr\u001b[32mror\u001b[0m\n${lines(100)}`, 'error')
    expect(world.note()).toContain('1 of 1')
    expect(world.found().join('')).toBe('Error')
  })

  it('takes what is typed as it stands', async () => {
    const world = await searched('a.b\naxb\n(a.b)*\n', 'a.b')
    expect(world.note()).toContain('2 of 2')
  })

  it('says when nothing is found, and counts on when more comes', async () => {
    const world = await searched(lines(100), 'later')
    expect(world.note()).toContain('nothing found')
    world.act('next-match')
    expect(world.rows()).toContain('line 100')
    await world.says('a', 'it came later\n')
    await vi.waitUntil(() => world.note().includes('1 of'))
    expect(world.note()).toContain('1 of 1')
  })

  it('says what is missing where nothing is searched for', async () => {
    const world = await logWorld([task('a')])
    world.act('next-match')
    expect(world.notice()).toContain('nothing is searched for')
  })
})

describe('several logs', () => {
  it('keeps pinned logs on the screen and divides the pane among them', async () => {
    const world = await logWorld([task('a'), task('b'), task('c')])
    for (const id of ['a', 'b', 'c']) await world.says(id, lines(100).replaceAll('line', id))
    world.select('a')
    world.act('pin')
    world.select('b')
    world.act('pin')
    world.select('c')
    expect(world.title()).toBe('log · 3 tasks')
    const rows = world.rows()
    expect(rows).toHaveLength(world.view().room.height)
    for (const id of ['a', 'b', 'c']) {
      expect(rows.some((row) => row.startsWith(`── ${id} #1`))).toBe(true)
      expect(rows).toContain(`${id} 100`)
    }
    world.act('top')
    expect(world.rows()).toEqual(expect.arrayContaining(['a 100', 'b 100', 'c 1']))
    world.select('a')
    world.act('pin')
    expect(world.title()).toBe('log · 2 tasks')
  })

  it('says how many are left out where there is no room for all', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f']
    const world = await logWorld(ids.map((id) => task(id)), { size: { width: 80, height: 16 } })
    for (const id of ids) {
      world.select(id)
      world.act('pin')
    }
    expect(world.title()).toMatch(/^log · \d of 6 tasks$/)
    expect(world.rows().some((row) => row.startsWith('── f #1'))).toBe(true)
  })

  it('shows what all tasks say in one, in the order in which it came', async () => {
    const world = await logWorld([task('builder'), task('docs'), task('later', { depends_on: ['docs'] })])
    await world.saysAt('builder', [0, 'one\n'], [2_000, 'three\n'])
    await world.saysAt('docs', [1_000, 'two\n'], [3_000, 'four\n'])
    world.act('combined')
    expect(world.title()).toBe('log · all that runs (2)')
    expect(world.rows()).toEqual(['builder │ one', 'docs    │ two', 'builder │ three', 'docs    │ four'])
    world.end('builder')
    world.end('docs')
    expect(world.rows()).toEqual(['nothing said yet'])
  })

  it('shows what those say that began last, where a great many run', async () => {
    const ids = Array.from({ length: 100 }, (_, index) => `t${index}`)
    const world = await logWorld(ids.map((id) => task(id)), { settings: { max_concurrent: 100 } })
    for (const [index, id] of ids.entries()) await world.saysAt(id, [index * 200, 'hello\n'])
    world.act('combined')
    expect(world.title()).toBe('log · all that runs (64 of 100)')
    expect(world.rows().slice(-2)).toEqual(['t98 │ hello', 't99 │ hello'])
    world.act('top')
    expect(world.rows()[0]).toBe('t36 │ hello')
  })

  it('scrolls through what all tasks say, and shows each line once', async () => {
    const world = await logWorld([task('a'), task('b')])
    for (const [index, id] of ['a', 'b'].entries()) await world.saysAt(id, ...Array.from({ length: 300 }, (_, line): [number, string] => [line * 250 + index * 70, `line ${line}\n`]))
    world.act('combined')
    const expected = Array.from({ length: 600 }, (_, index) => `${index % 2 === 0 ? 'a' : 'b'} │ line ${index >> 1}`)
    const { height } = world.view().room
    const atEnd = world.rows()
    expect(atEnd).toEqual(expected.slice(-height))
    for (let line = 1; line <= 20; line++) {
      world.act('up')
      expect(world.rows()).toEqual(expected.slice(-height - line, -line))
    }
    for (let line = 19; line >= 1; line--) {
      world.act('down')
      expect(world.rows()).toEqual(expected.slice(-height - line, -line))
    }
    world.act('top')
    expect(world.rows()).toEqual(expected.slice(0, height))
    world.act('page-down')
    expect(world.rows()).toEqual(expected.slice(height - 1, 2 * height - 1))
    world.act('bottom')
    expect(world.rows()).toEqual(atEnd)
  })
})

it('can be gone through to its first line where what all tasks say is wrapped', async () => {
  const world = await logWorld([task('a'), task('b')])
  for (const id of ['a', 'b']) await world.saysAt(id, ...Array.from({ length: 60 }, (_, line): [number, string] => [line * 250, `${id} ${line} ${'long '.repeat(30)}\n`]))
  world.act('combined', 'top')
  expect(world.rows()[0]).toMatch(/^[ab] │ [ab] 0 /)
  expect(world.rows().length).toBeGreaterThan(world.view().room.height - 5)
})

it('can be copied as it is shown', async () => {
  const world = await logWorld([task('a')])
  await world.says('a', 'one\ntwo\n')
  expect(shownText(world.store.glance())).toBe('one\ntwo')
})

function lastLines(count: number, height: number): string[] {
  return lines(count).trimEnd().split('\n').slice(-height)
}

/** The seconds of the day of the time at the beginning of a row. */
function seconds(row: string): number {
  const [hours = 0, minutes = 0, rest = 0] = row.slice(0, 8).split(':').map(Number)
  return hours * 3600 + minutes * 60 + rest
}
