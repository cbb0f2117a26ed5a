import { join } from 'node:path'
import type { FileRecord } from '../../../core/outcome.ts'
import { oneLine } from '../../../core/sanitize.ts'
import { answerOf } from '../../../core/task-state.ts'
import { formatBytes } from '../../../core/units.ts'
import { producedFiles } from '../../../core/views/manifest.ts'
import type { Line } from '../../../core/views/line.ts'
import { marginLines } from '../../lines/paragraph.ts'
import { filePreview } from '../file-preview.ts'
import { nameIn } from '../shown-at-gate.ts'
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
          [{ text: nameIn(item.file.path, task.spec.id) }],
          [{ text: formatBytes(item.file.size) }],
          [{ text: item.file.sha256.slice(0, 8), style: 'dim' }],
          [{ text: oneLine(item.file.media_type, 60), style: 'dim' }],
          [],
        ],
  detail,
  empty: () => 'It has written no files.',
  copy: (item, { glance }) => ({ text: item.is === 'written' ? join(glance.run?.path ?? '', item.file.path) : item.path, what: 'the path of the file' }),
})

function detail(item: Item, { glance, room: { width } }: TabProps): Line[] {
  return item.is === 'refused' ? marginLines(`It was not written: ${oneLine(item.reason, 500)}.`, width) : filePreview(glance, item.file, width)
}
