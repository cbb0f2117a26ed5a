import type { Line } from '../../../core/views/line.ts'
import { marginLines } from '../../lines/paragraph.ts'
import type { TableColumn } from '../../lines/table-columns.ts'
import type { Tab, TabProps } from './tab.ts'

/** A part that is a small table, and all there is to say of the row that is chosen. */
type ListTab<Of> = {
  columns: readonly TableColumn[]
  itemsOf: (props: TabProps) => readonly Of[]
  cells: (item: Of, props: TabProps) => readonly Line[]
  detail: (item: Of, props: TabProps) => readonly Line[]
  /** Said where there is nothing. */
  empty: (props: TabProps) => string
  open?: (item: Of, props: TabProps) => ReturnType<NonNullable<Tab['open']>>
  copy?: (item: Of, props: TabProps) => ReturnType<NonNullable<Tab['copy']>>
}

export function listTab<Of>({ columns, itemsOf, cells, detail, empty, open, copy }: ListTab<Of>): Tab {
  const chosen = (props: TabProps): Of | undefined => {
    const items = itemsOf(props)
    return items[Math.min(props.at, items.length - 1)]
  }
  const withChosen = <Result>(props: TabProps, what: ((item: Of, props: TabProps) => Result) | undefined): Result | undefined => {
    const item = chosen(props)
    return item === undefined ? undefined : what?.(item, props)
  }
  const cellsAt = (items: readonly Of[], index: number, props: TabProps) => {
    const item = items[index]
    return item === undefined ? [] : cells(item, props)
  }
  return {
    blocks: (props) => {
      const { room, at } = props
      const items = itemsOf(props)
      const item = chosen(props)
      if (item === undefined) return [{ lines: marginLines(empty(props), room.width, 'dim') }]
      // The table has at most half of the room, the detail what is left.
      const height = Math.min(items.length + 1, Math.max(2, Math.floor(room.height / 2)))
      const below = [[], ...detail(item, props)].slice(0, Math.max(0, room.height - height))
      return [{ table: { columns, rows: items.length, cells: (index) => cellsAt(items, index, props), at: Math.min(at, items.length - 1), height } }, { lines: below }]
    },
    rows: (props) => itemsOf(props).length,
    open: (props) => withChosen(props, open),
    copy: (props) => withChosen(props, copy),
  }
}
