import { join } from 'node:path'
import type { FileRecord } from '../../core/outcome.ts'
import { oneLine, sanitize } from '../../core/sanitize.ts'
import type { Line } from '../../core/views/line.ts'
import type { Glance } from '../glance.ts'
import { marginLines } from '../lines/paragraph.ts'

/** More than any screen shows. */
const LINES = 200

/** Where a file lies, and its beginning, once that has been read. */
export function filePreview({ run, models }: Glance, { path, sha256 }: FileRecord, width: number): Line[] {
  const where: Line = [{ text: ` ${oneLine(join(run?.path ?? '', path), 300)}`, style: 'dim' }]
  const preview = models.lookups.preview(path, sha256)
  const say = (text: string) => [where, ...marginLines(text, width, 'dim')]
  switch (preview?.is) {
    case undefined:
      return say('…')
    case 'binary':
      return say('It is binary: there is no text to show.')
    case 'unreadable':
      return say(`It cannot be shown: ${oneLine(preview.why, 300)}.`)
    case 'text': {
      const lines = sanitize(preview.text, { color: false }).split('\n').slice(0, LINES)
      return [where, ...lines.flatMap((line) => marginLines(line, width)), ...(preview.cut ? [[{ text: ' …', style: 'dim' as const }]] : [])]
    }
  }
}
