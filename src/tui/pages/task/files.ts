import { join } from 'node:path'
import type { FileRecord } from '../../../core/outcome.ts'
import { oneLine, sanitize } from '../../../core/sanitize.ts'
import { answerOf } from '../../../core/task-state.ts'
import { formatBytes } from '../../../core/units.ts'
import { producedFiles } from '../../../core/views/manifest.ts'
import type { Line } from '../../../core/views/line.ts'
import { marginLines } from '../../lines/paragraph.ts'
import { listTab } from './list-tab.ts'
import type { TabProps } from './tab.ts'

/** A file of the task: one that was written, or one that was not, and why. */
type Item = { is: 'written'; file: FileRecord } | { is: 'refused'; path: string; reason: string }

/** Files that the task wrote, with the beginning of the chosen one. */
export const filesTab = listTab<Item>({
  columns: [{ name: 'file', least: 14 }, { name: 'size', align: 'right' }, { name: 'sha256', spare: 1 }, { name: 'kind', spare: 2 }, { name: 'not written', least: 12 }],
  itemsOf: ({ task }) => [
    ...producedFiles(task).map((file): Item => ({ is: 'written', file })),
    ...(answerOf(task)?.refused ?? []).map((file): Item => ({ is: 'refused', ...file })),
  ],
  cells: (item, { task }) =>
    item.is === 'refused'
      ? [[{ text: '✖ ', style: 'failed' }, { text: oneLine(item.path, 300) }], [], [], [], [{ text: oneLine(item.reason, 300), style: 'failed' }]]
      : [
          [{ text: nameOf(item.file, task.spec.id) }],
          [{ text: formatBytes(item.file.size) }],
          [{ text: item.file.sha256.slice(0, 8), style: 'dim' }],
          [{ text: oneLine(item.file.media_type, 60), style: 'dim' }],
          [],
        ],
  detail,
  empty: () => 'It has written no files.',
  copy: (item, { glance }) => ({ text: item.is === 'written' ? join(glance.run?.path ?? '', item.file.path) : item.path, what: 'the path of the file' }),
})

/** Below the task's own folder. */
function nameOf({ path }: FileRecord, task: string): string {
  const own = `outputs/${task}/`
  return oneLine(path.startsWith(own) ? path.slice(own.length) : path, 300)
}

function detail(item: Item, { glance, room: { width } }: TabProps): Line[] {
  if (item.is === 'refused') return marginLines(`It was not written: ${oneLine(item.reason, 500)}.`, width)
  const { path, sha256 } = item.file
  const where: Line = [{ text: ` ${oneLine(join(glance.run?.path ?? '', path), 300)}`, style: 'dim' }]
  const preview = glance.models.lookups.preview(path, sha256)
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

/** More than any screen shows. */
const LINES = 200
