import * as z from 'zod'
import { Outcome } from '../outcome.ts'
import { Route } from '../route.ts'
import type { RunState } from '../state.ts'
import type { Task } from '../task-state.ts'
import { Priority } from '../task.ts'
import { producedFiles, Manifest } from './manifest.ts'
import { taskEntry, TaskEntry } from './task-entry.ts'
import { waitsFor } from './waits-for.ts'
import { withoutUndefined } from './without-undefined.ts'

const asWritten = { type: z.string().optional(), priority: Priority, depends_on: z.array(z.string()) }

/** A task in a list, for programs. */
export const TaskRow = TaskEntry.omit({ tokens: true, spending: true, checks: true, has_checks: true, refused_files: true, route_reason: true }).extend(asWritten)
export type TaskRow = z.infer<typeof TaskRow>

/** All that is known of a task but its prompt and its log. */
export const TaskDetail = TaskEntry.extend({
  ...asWritten,
  /** Where it was written. */
  file: z.string(),
  line: z.number().int().positive(),
  requires_approval: z.boolean(),
  /** Who has paused it. */
  paused: z.string().optional(),
  /** What it waits for, or its status, in words. */
  waits: z.string(),
  /** Tasks that depend on it. */
  dependents: z.array(z.string()),
  files: Manifest.shape.files,
  tries: z.array(z.object({ attempt: z.number().int().positive(), route: Route, started_at: z.string(), ended_at: z.string().optional(), outcome: Outcome.optional() })),
})
export type TaskDetail = z.infer<typeof TaskDetail>

export function taskRow(task: Task, state: RunState): TaskRow {
  const { tokens: _tokens, spending: _spending, checks: _checks, has_checks: _has, refused_files: _refused, route_reason: _reason, ...entry } = taskEntry(task, state)
  return { ...entry, ...writtenOf(task) }
}

export function taskDetail(task: Task, state: RunState): TaskDetail {
  const { spec, dependents, paused, attempts } = task
  return {
    ...taskEntry(task, state),
    ...writtenOf(task),
    file: spec.file,
    line: spec.line,
    requires_approval: spec.requires_approval,
    ...(paused === undefined ? {} : { paused }),
    waits: waitsFor(task, state),
    dependents: [...dependents],
    files: producedFiles(task),
    tries: attempts.map(({ attempt, route, started_at, ended_at, outcome }) => withoutUndefined({ attempt, route, started_at, ended_at, outcome })),
  }
}

function writtenOf({ spec: { type, priority, depends_on } }: Task): Pick<TaskRow, 'type' | 'priority' | 'depends_on'> {
  return { ...(type === undefined ? {} : { type }), priority, depends_on: [...depends_on] }
}
