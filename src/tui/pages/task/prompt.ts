import { promptLines } from '../../lines/prompt-lines.ts'
import { textTab } from './text-tab.ts'

/** What the task asks for, in its author's words. */
export const promptTab = textTab(({ task, room }) => promptLines(task.spec, room.width), 'the prompt')
