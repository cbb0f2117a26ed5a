import fc from 'fast-check'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { logText } from '../../../src/store/log-text.ts'
import { openPagedFile } from '../../../src/store/paged-file.ts'
import { textOf } from '../../../src/tui/lines/fit.ts'
import { layIn } from '../../../src/tui/panes/log-lay.ts'
import { lastRows, movedTop, rowsFrom, topOf } from '../../../src/tui/panes/log-window.ts'
import { tempDir } from '../../temp-dir.ts'

const text = fc.array(fc.string({ maxLength: 60 }).map((line) => line.replaceAll(/\s/g, '_')), { maxLength: 60 }).map((lines) => lines.join('\n'))
const way = fc.array(fc.oneof(fc.integer({ min: -12, max: 12 }), fc.constantFrom('top' as const, 'bottom' as const)), { maxLength: 30 })

it('shows exactly the rows of the file after any way through it', async () => {
  const path = join(await tempDir(), 'a.1.log')
  await fc.assert(
    fc.asyncProperty(text, way, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 3, max: 40 }), async (content, moves, height, width) => {
      await writeFile(path, content)
      const file = openPagedFile(path)
      const log = logText(file, file.size())
      const lay = layIn({ width, wrap: true, pattern: undefined })
      const all: string[] = []
      for (let line = log.lineAt(0); line !== undefined; line = log.lineAt(line.to)) all.push(...lay(line).map(textOf))
      const last = Math.max(0, all.length - height)
      let [at, rows] = [last, lastRows(log, height, lay)]
      for (const move of moves) {
        at = move === 'top' ? 0 : move === 'bottom' ? last : Math.max(0, Math.min(last, at + move))
        const top = move === 'top' ? { line: 0, row: 0 } : move === 'bottom' ? topOf(lastRows(log, height, lay)) : movedTop(log, topOf(rows), move, height, lay)
        rows = rowsFrom(log, top, height, lay)
        expect(rows.map(({ look }) => textOf(look))).toEqual(all.slice(at, at + height))
      }
      file.close()
    }),
  )
})

it('stays in the line that was on top when the window becomes wider or narrower', async () => {
  const path = join(await tempDir(), 'a.1.log')
  await writeFile(path, `${'x'.repeat(400)}\n`.repeat(20))
  const file = openPagedFile(path)
  const log = logText(file, file.size())
  const top = { line: 401 * 5, row: 8 }
  for (const width of [40, 100, 500]) expect(topOf(rowsFrom(log, top, 5, layIn({ width, wrap: true, pattern: undefined }))).line).toBe(top.line)
  file.close()
})
