import { createHash } from 'node:crypto'
import { basename } from 'node:path'

/** Leaves room for the name of a part: an id has at most 100 characters. */
const MAX_STEM = 71
/** A stem with the mark of its name. */
const MAX_BASE = 80
const MAX_PART = 19

/** A file's name without folder and endings: `tasks/fix login.task.md` is `fix login`. */
export function stemOf(file: string): string {
  return basename(file)
    .replace(/\.[^.]*$/, '')
    .replace(/\.task$/i, '')
}

/** The id of a task whose file states none: the file's stem, as an id is spelled. */
export function idFromStem(stem: string): string {
  const plain = stem.normalize('NFKD').replaceAll(/\p{M}/gu, '')
  const spelled = trimmed(plain.replaceAll(/[^A-Za-z0-9._-]+/g, '-')).slice(0, MAX_STEM)
  // Names that differ only in letters that an id cannot have must not become the same id.
  const lost = plain.length > MAX_STEM || /[^\P{L}A-Za-z]|[^\P{N}0-9]/u.test(plain)
  if (!lost && spelled !== '') return spelled
  const mark = createHash('sha256').update(stem).digest('hex').slice(0, 8)
  return spelled === '' ? `task-${mark}` : `${spelled}-${mark}`
}

/** The id of one of several tasks in a file: `2026-11-20.1`, `notes.architect`. */
export function idOfPart(base: string, part: string): string {
  return `${base.slice(0, MAX_BASE)}.${trimmed(part.replaceAll(/[^A-Za-z0-9._-]+/g, '-')).slice(0, MAX_PART)}`
}

function trimmed(text: string): string {
  return text.replace(/^[^A-Za-z0-9]+/, '').replace(/-$/, '')
}

/** Finds the task of a file that a short name means: `1`, `task-1`, `Task 1`, `architect`, a full id. */
export class LocalNames {
  readonly #ids = new Set<string>()
  readonly #short = new Map<string, string>()

  add(id: string, part: string | undefined): void {
    this.#ids.add(id)
    if (part === undefined) return
    this.#short.set(folded(part), id)
    this.#short.set(folded(`task ${part}`), id)
  }

  /** The full id of a task in this file; any other name is the id of a task elsewhere and stays. */
  resolve(name: string): string {
    return this.#ids.has(name) ? name : (this.#short.get(folded(name)) ?? name)
  }
}

function folded(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, '-')
}
