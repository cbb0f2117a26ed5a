import { dayList } from './formats/day-list.ts'
import { jobSpec } from './formats/job-spec.ts'
import { planFile } from './formats/plan-file.ts'
import { promptFile } from './formats/prompt-file.ts'
import { taskMd } from './formats/task-md.ts'
import type { DataFormat, MarkdownFormat } from './task-file.ts'

/** Shapes of Markdown files; the first that matches reads a file. The last one takes them all. */
export const MARKDOWN_FORMATS: readonly MarkdownFormat[] = [taskMd, dayList, promptFile]

/** Shapes of YAML and JSON files, in the same way. */
export const DATA_FORMATS: readonly DataFormat[] = [jobSpec, planFile]
