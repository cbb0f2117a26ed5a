import type { Problem } from '../core/problem.ts'
import type { TaskSpec } from '../core/task.ts'
import type { MarkdownDocument } from './syntax/markdown-document.ts'
import type { Reading } from './reading.ts'
import type { Tree } from './syntax/tree.ts'

/** A task file's text and name, before anything is known about it. */
export type SourceText = {
  /** The name that problems and tasks carry. */
  file: string
  text: string
}

/** What a task file says. Warnings do not stop it: an unknown key, or one that is not acted on yet. */
export type Parsed =
  { result: 'plan'; status: string | undefined; project: string | undefined; tasks: TaskSpec[]; warnings: Problem[] } | { result: 'broken'; problems: Problem[]; warnings: Problem[] }

/**
 * One shape of task file. It lives in a file of its own and is listed in `formats.ts`. It is given the
 * text taken apart by its syntax, so that a shape is told by its structure and not by a guess.
 */
export type TaskFormat<Document> = {
  /** Whether a document is of this shape; the first that says yes reads it. */
  matches: (document: Document, file: string) => boolean
  /** Its tasks. What is wrong with them is told to the reading. */
  read: (document: Document, reading: Reading) => TaskSpec[]
}

export type MarkdownFormat = TaskFormat<MarkdownDocument>
/** YAML and JSON. */
export type DataFormat = TaskFormat<Tree>
