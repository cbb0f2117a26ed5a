import { extname } from 'node:path'

export type Syntax = 'markdown' | 'yaml' | 'json'

const SYNTAX: Readonly<Record<string, Syntax>> = {
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.json': 'json',
}

/** What a task file is written in, by the end of its name; nothing for a file that is none. */
export function syntaxOf(file: string): Syntax | undefined {
  const extension = extname(file).toLowerCase()
  return Object.hasOwn(SYNTAX, extension) ? SYNTAX[extension] : undefined
}
