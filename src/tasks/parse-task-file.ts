import { basename } from 'node:path'
import type { Problem } from '../core/problem.ts'
import type { TaskSpec } from '../core/task.ts'
import { DATA_FORMATS, MARKDOWN_FORMATS } from './formats.ts'
import { readJson } from './syntax/json-tree.ts'
import { openMarkdown } from './syntax/markdown-document.ts'
import { placesIn } from '../text/places.ts'
import { refuse, startReading, type Reading, type ReadOptions } from './reading.ts'
import { statusIn } from './stated.ts'
import { syntaxOf } from './syntax/syntax.ts'
import type { Parsed, SourceText, TaskFormat } from './task-file.ts'
import type { Tree } from './syntax/tree.ts'
import { readYaml } from './syntax/yaml-tree.ts'

/**
 * Reads a task file of any shape. Never throws for what a file says: it gives the tasks and warnings, or
 * everything that is wrong, with its place and what to do.
 */
export function parseTaskFile({ file, text }: SourceText, options: ReadOptions): Parsed {
  const reading = startReading(file, options)
  const { tasks, status } = read(text.replace(/^\uFEFF/, ''), reading)
  if (reading.problems.length > 0) return { result: 'broken', problems: firstOf(reading.problems), warnings: firstOf(reading.warnings) }
  return { result: 'plan', status, project: reading.project, tasks, warnings: firstOf(reading.warnings) }
}

/** What is wrong in hundreds of places is told of the first ones. */
const MAX_TOLD = 50

function firstOf(all: readonly Problem[]): Problem[] {
  const [first] = all
  if (first === undefined || all.length <= MAX_TOLD) return [...all]
  return [...all.slice(0, MAX_TOLD), { file: first.file, message: `and ${all.length - MAX_TOLD} more of this kind` }]
}

type Found = { tasks: TaskSpec[]; status: string | undefined }
const NOTHING: Found = { tasks: [], status: undefined }

function read(text: string, reading: Reading): Found {
  const placeAt = placesIn(text)
  if (text.trim() === '') {
    refuse(reading, undefined, 'the file is empty; write the prompt into it, or start from a sample: tutti new')
    return NOTHING
  }
  const binary = NOT_TEXT.exec(text)
  if (binary !== null) {
    refuse(reading, placeAt(binary.index), 'this is not text: a task file is UTF-8 without control characters; save it as such')
    return NOTHING
  }
  const syntax = syntaxOf(reading.file)
  switch (syntax) {
    case 'markdown': {
      const document = openMarkdown(text, placeAt, reading)
      return document === undefined ? NOTHING : readAs(MARKDOWN_FORMATS, document, document.front, reading)
    }
    case 'yaml':
    case 'json': {
      const tree = syntax === 'yaml' ? readYaml(text, placeAt, reading) : readJson(text, placeAt, reading)
      return tree === undefined ? NOTHING : readAs(DATA_FORMATS, tree, tree, reading)
    }
    case undefined:
      refuse(reading, undefined, 'the name does not say what this is; a task file ends in .md, .markdown, .yaml, .yml or .json')
      return NOTHING
  }
}

/** NUL and other control characters, and what decoding puts where bytes are not UTF-8. */
const NOT_TEXT = /[^\P{Cc}\t\n\f\r]|\uFFFD/u

function readAs<Document>(formats: readonly TaskFormat<Document>[], document: Document, top: Tree, reading: Reading): Found {
  const format = formats.find(({ matches }) => matches(document, reading.file))
  if (format === undefined) throw new Error('the last format of a syntax takes every file')
  return { tasks: format.read(document, reading), status: statusIn(top) }
}

/** Whether a name is that of a task file, and not of one that an editor keeps for itself. */
export function looksLikeTaskFile(name: string): boolean {
  return syntaxOf(name) !== undefined && !/^[.~#]/.test(basename(name))
}
