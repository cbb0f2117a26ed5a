import type { RunState } from '../state.ts'
import { answerOf, hasEnded, type Task } from '../task-state.ts'
import { taskSpan } from './task-span.ts'

/*
 * How long a run may still take, from how long its tasks have taken. What is left is known by group, and is kept in
 * step task by task, so that an answer costs what runs, not what there is.
 */

/** How long the tasks of a group have taken. */
type Group = { done: number; ms: number; left: number }

/** What one task adds to the pace. */
type Part = { group: string } & ({ is: 'left'; rank: number } | { is: 'running'; rank: number; since: number } | { is: 'done'; ms: number })

export type Pace = {
  /** Takes a task as it stands now. */
  take: (task: Task) => void
  /** Ms until nothing is left, if nothing has to wait; undefined while too little is known to tell. @param now ms since 1970 */
  left: (state: RunState, now: number) => number | undefined
}

export function paceOf(): Pace {
  const parts = new Map<string, Part>()
  const groups = new Map<string, Group>()
  const running = new Map<string, Extract<Part, { is: 'running' }>>()
  /** How many tasks that have not begun have each rank. */
  const ranks: number[] = []

  function count(part: Part, by: 1 | -1): void {
    const group = groups.get(part.group) ?? { done: 0, ms: 0, left: 0 }
    groups.set(part.group, group)
    switch (part.is) {
      case 'left':
        group.left += by
        ranks[part.rank] = (ranks[part.rank] ?? 0) + by
        return
      case 'running':
        group.left += by
        return
      case 'done':
        group.done += by
        group.ms += by * part.ms
    }
  }

  /** Of tasks that have ended: those of the group, or all where none of it has. */
  function meanOf(group: Group | undefined, all: Pick<Group, 'done' | 'ms'>): number {
    return group === undefined || group.done === 0 ? all.ms / all.done : group.ms / group.done
  }

  return {
    take: (task) => {
      const { id } = task.spec
      const before = parts.get(id)
      if (before !== undefined) count(before, -1)
      running.delete(id)
      parts.delete(id)
      const part = partOf(task)
      if (part === undefined) return
      parts.set(id, part)
      if (part.is === 'running') running.set(id, part)
      count(part, 1)
    },
    left: ({ settings }, now) => {
      const all = { done: 0, ms: 0, left: 0 }
      for (const { done, ms, left } of groups.values()) {
        all.done += done
        all.ms += ms
        all.left += left
      }
      if (all.done === 0) return undefined
      let work = 0
      for (const group of groups.values()) work += group.left * meanOf(group, all)
      while (ranks.length > 0 && (ranks.at(-1) ?? 0) === 0) ranks.pop()
      const each = all.left === 0 ? 0 : work / all.left
      let path = Math.max(0, ranks.length - 1) * each
      for (const { group, rank, since } of running.values()) {
        const mean = meanOf(groups.get(group), all)
        const gone = Math.min(mean, Math.max(0, now - since))
        work -= gone
        path = Math.max(path, (rank - 1) * each + mean - gone)
      }
      return Math.max(path, work / (settings?.max_concurrent ?? 1))
    },
  }
}

/** What a task adds; nothing where it ended without showing how long its like take: answers from the cache are no work. */
function partOf(task: Task): Part | undefined {
  const { spec, state: now, rank } = task
  const group = [spec.work.kind, task.route.tier ?? '', spec.type ?? ''].join('\n')
  if (now.status === 'running' || now.status === 'checking') return { group, is: 'running', rank, since: Date.parse(task.attempts.at(-1)?.started_at ?? '') }
  if (!hasEnded(now.status)) return { group, is: 'left', rank }
  const span = taskSpan(task)
  if (now.status !== 'complete' || span?.to === undefined || answerOf(task)?.cached === true) return undefined
  return { group, is: 'done', ms: span.to - span.from }
}
