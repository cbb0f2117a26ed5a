import { idFromStem, idOfPart, LocalNames, stemOf } from '../ids.ts'
import { snakeCase } from '../keys.ts'
import { planKey, readPlanKeys } from '../plan-keys.ts'
import { refuse } from '../reading.ts'
import { specOf } from '../spec.ts'
import type { DataFormat } from '../task-file.ts'
import { isRecord } from '../syntax/tree.ts'

type Role = { name: string; title: string; after: readonly string[]; system: string }

const ROLES: readonly Role[] = [
  {
    name: 'architect',
    title: 'Architect',
    after: [],
    system: `You are the architect. Decide how the task is to be carried out, and write it down for those who do it: the parts, what
each is responsible for, how they meet, the files they live in, and the order of work. Say what you assume and what could go wrong.
Do not write the implementation.`,
  },
  {
    name: 'builder',
    title: 'Builder',
    after: ['architect'],
    system: `You are the builder. Carry out the task along the architect's plan, which comes with it. Write every file whole, as a fenced
code block whose info string is the file's path. Where you have to leave the plan, say where and why.`,
  },
  {
    name: 'docs',
    title: 'Documentation',
    after: ['architect'],
    system: `You are the technical writer. Write what people need who will use the result of the task, from the architect's plan, which
comes with it: what it is for, how to set it up, how to use it, with examples that can be run. Be short and exact.`,
  },
  {
    name: 'qa',
    title: 'Quality assurance',
    after: ['builder', 'docs'],
    system: `You are the tester. Hold the builder's work and the documentation, which come with the task, against what the task asks for.
List each defect with its place, what you expected, and how to mend it; list what you could not judge. End with a verdict: PASS or FAIL.`,
  },
]

/** `task_description` without `tasks`: the job unfolds to architect → (builder ∥ docs) → qa. */
export const jobSpec: DataFormat = {
  matches: ({ value }) => {
    const names = Object.keys(isRecord(value) ? value : {})
    return names.some((name) => snakeCase(name) === 'task_description') && !names.some((name) => planKey(name) === 'tasks')
  },
  read: (tree, reading) => {
    const { project, top } = readPlanKeys(tree, reading)
    const { description = '', ...stated } = top
    if (stated.prompt !== undefined || stated.command !== undefined) {
      refuse(reading, tree.place([]), 'a job states its work in `task_description`; remove `prompt` and `command`, or list `tasks`')
      return []
    }
    if (description.trim() === '') {
      refuse(reading, tree.place([]), '`task_description` is empty; write what is to be done')
      return []
    }
    const base = stated.id ?? idFromStem(stemOf(reading.file))
    return ROLES.flatMap(({ name, title, after, system }) => {
      const draft = {
        id: idOfPart(base, name),
        title: project === undefined ? title : `${title} (${project})`,
        stated: { ...stated, prompt: description, system: stated.system === undefined ? system : `${system}\n\n${stated.system}` },
        depends_on: after.length === 0 ? (stated.depends_on ?? []) : after.map((other) => idOfPart(base, other)),
        at: tree.place([]),
        trees: [tree],
      }
      return specOf(draft, new LocalNames(), reading) ?? []
    })
  },
}
