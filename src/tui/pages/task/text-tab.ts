import type { Line } from '../../../core/views/line.ts'
import { textOf } from '../../lines/fit.ts'
import { scrolled, scrollSteps } from '../../lines/window.ts'
import type { Tab, TabProps } from './tab.ts'

/** A part that is read from its beginning to its end. @param what it is called when it is copied */
export function textTab(linesOf: (props: TabProps) => readonly Line[], what: string): Tab {
  return {
    blocks: (props) => [{ lines: scrolled(linesOf(props), props.at, props.room.height) }],
    rows: (props) => scrollSteps(linesOf(props).length, props.room.height),
    copy: (props) => ({ text: linesOf(props).map(textOf).join('\n'), what }),
  }
}
