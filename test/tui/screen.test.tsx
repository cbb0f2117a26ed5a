import { render } from 'ink-testing-library'
import { describe, expect, it, onTestFinished } from 'vitest'
import { columnsOf, lettersOf } from '../../src/tui/lines/columns.ts'
import type { Rect } from '../../src/tui/layout.ts'
import { Screen } from '../../src/tui/screen.tsx'
import { shapeOf } from '../../src/tui/shape.ts'
import { storyScreen } from './story-screen.ts'

const SIZES = [
  { width: 80, height: 24 },
  { width: 120, height: 34 },
  { width: 200, height: 60 },
]

/** The page of the story at a moment, drawn by Ink; parts of it are read by their names. */
async function drawn(size: { width: number; height: number }, ...keys: string[]) {
  const screen = await storyScreen({ size })
  screen.press(...keys)
  const { store } = screen
  const shape = shapeOf(store)
  const page = () => <Screen store={store} shape={shape} />
  const { lastFrame, rerender, stdout, unmount } = render(page())
  onTestFinished(unmount)
  Object.defineProperty(stdout, 'columns', { value: size.width })
  stdout.emit('resize')
  rerender(page())
  const frame = (lastFrame() ?? '').split('\n')
  const { header, footer, panes } = store.glance().layout
  const within = ({ x, y, width, height }: Rect) => Array.from({ length: height }, (_, row) => between(frame[y + row] ?? '', x, width))
  const places = new Map<string, Rect>([['header', header], ['footer', footer], ...panes.map(({ pane, rect }) => [pane, rect] as const)])
  return {
    ...screen,
    frame,
    /** The lines of a pane, the header or the footer. */
    part: (name: string): string[] => {
      const place = places.get(name)
      if (place === undefined) throw new Error(`there is no ${name} on the page`)
      return within(place)
    },
  }
}

/** Columns of a line, from one on. */
function between(line: string, from: number, count: number): string {
  let at = 0
  let text = ''
  for (const letter of lettersOf(line)) {
    if (at >= from && at < from + count) text += letter
    at += columnsOf(letter)
  }
  return text
}

describe.each(SIZES)('on a screen of $width × $height', (size) => {
  it('the page fills the screen, and no more', async () => {
    const { frame } = await drawn(size)
    expect(frame).toHaveLength(size.height)
    for (const line of frame) expect(columnsOf(line.trimEnd())).toBeLessThanOrEqual(size.width)
  })

  it('the header says whose run it is, how it stands, and what it costs', async () => {
    const [first = '', second = ''] = (await drawn(size)).part('header')
    expect(first).toMatch(/notes-api .*▶ running 3m45s/)
    expect(first).toMatch(/✔ \d.*● 2.*⏸ 1.*✖ 1/)
    expect(second).toMatch(/day \$1\.\d+.*\$5.*month .*run \$0\.5\d.*\$3/)
  })

  it('the graph names what runs and what waits for a person, with its title', async () => {
    const lines = (await drawn(size)).part('graph')
    expect(lines[0]).toContain('graph')
    expect(lines.join('\n')).toMatch(/● builder/)
    expect(lines.join('\n')).toMatch(/⏸ schema/)
  })

  it('the queue begins with what needs a person, then what runs, and says why the others wait', async () => {
    const lines = (await drawn(size)).part('queue')
    expect(lines[0]).toMatch(/queue · 17 tasks/)
    const order = ['schema', 'builder', 'endpoints'].map((task) => lines.findIndex((line) => new RegExp(`[⏸●○] ${task} `).test(line)))
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(order[0]).toBeGreaterThan(0)
    expect(lines.join('\n')).toMatch(/schema +approval — press a/)
    expect(lines.join('\n')).toMatch(/endpoints +needs builder, schema/)
  })

  it('the log shows what the selected task says, live', async () => {
    const { part } = await drawn(size, ...Array.from(':go'), 'space', ...Array.from('builder'), 'enter')
    const lines = part('log')
    expect(lines[0]).toMatch(/log · builder #2 of 2/)
    expect(lines.join('\n')).toContain('21 passed')
  })

  it('the footer names keys that do something now', async () => {
    const { part } = await drawn(size)
    expect(part('footer').join('')).toMatch(/a approve.*q quit/)
  })
})
