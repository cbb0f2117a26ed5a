import { TASK_STATUSES, type Task } from '../task-state.ts'

/** Which tasks are shown. */
export type TaskFilter = {
  shows: (task: Task) => boolean
  /** Why the filter, or a part of it, cannot be understood; all is shown then. */
  problem?: string
}

type Test = (task: Task) => boolean

const everything: Test = () => true

/**
 * What a person typed to see only some tasks. All words have to be met, in any order: `text` in the id or the title,
 * `/a.*b/` a regular expression for them, `status:failed`, `type:fix`, `tier:local`, `provider:…`, `model:…`,
 * `file:…` with the beginnings of one or more values (`status:failed,held`); a `-` before a word excludes what meets it.
 */
export function taskFilter(typed: string): TaskFilter {
  const words = typed.match(/-?\/(?:\\.|[^/\\])*(?:\/|$)|\S+/g) ?? []
  const tests: Test[] = []
  for (const word of words) {
    const isNot = word.startsWith('-')
    const test = testOf(isNot ? word.slice(1) : word)
    if (typeof test !== 'function') return { shows: everything, problem: test.problem }
    if (test !== everything) tests.push(isNot ? (task) => !test(task) : test)
  }
  return { shows: (task) => tests.every((test) => test(task)) }
}

/** `everything` for a word that is only begun: while it is being typed, nothing is hidden yet. */
function testOf(word: string): Test | { problem: string } {
  if (word === '') return everything
  if (word.startsWith('/')) return expressionTest(word.slice(1).replace(/(?<!\\)\/$/, ''))
  const [, key = '', values = ''] = /^([a-z]+):(.*)$/.exec(word) ?? []
  const valueOf = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined
  if (valueOf === undefined) return textTest(word.toLowerCase())
  const wanted = values.toLowerCase().split(',').filter((value) => value !== '')
  if (wanted.length === 0) return everything
  const unknown = key === 'status' ? wanted.find((value) => TASK_STATUSES.every((status) => !status.startsWith(value))) : undefined
  if (unknown !== undefined) return { problem: `no status begins with "${unknown}"` }
  return (task) => {
    const value = valueOf(task)?.toLowerCase()
    return value !== undefined && wanted.some((each) => value.startsWith(each))
  }
}

const KEYS: Readonly<Record<string, (task: Task) => string | undefined>> = {
  status: ({ state }) => state.status,
  type: ({ spec }) => spec.type,
  tier: (task) => routeOf(task).tier,
  provider: (task) => routeOf(task).provider,
  model: (task) => routeOf(task).model,
  file: ({ spec }) => spec.file,
}

const routeOf = ({ attempts, route }: Task) => attempts.at(-1)?.route ?? route

function textTest(text: string): Test {
  return ({ spec: { id, title } }) => id.toLowerCase().includes(text) || title.toLowerCase().includes(text)
}

function expressionTest(source: string): Test | { problem: string } {
  if (source === '') return everything
  try {
    const expression = new RegExp(source, 'iu')
    return ({ spec: { id, title } }) => expression.test(id) || expression.test(title)
  } catch {
    return { problem: `/${source}/ is no regular expression` }
  }
}
