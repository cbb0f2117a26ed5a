import type { RunState } from '../../../core/state.ts'
import type { Task } from '../../../core/task-state.ts'
import type { Glance } from '../../glance.ts'
import type { Size } from '../../layout.ts'
import type { Block } from '../../lines/block.ts'
import type { Step } from '../../update/step.ts'

/** What a part of a task's page draws from. */
export type TabProps = { glance: Glance; state: RunState; task: Task; at: number; room: Size }

/** A part of a task's page. */
export type Tab = {
  blocks: (props: TabProps) => readonly Block[]
  /** Rows to stand on, or to scroll by. */
  rows: (props: TabProps) => number
  open?: (props: TabProps) => Step | undefined
  copy?: (props: TabProps) => { text: string; what: string } | undefined
}
