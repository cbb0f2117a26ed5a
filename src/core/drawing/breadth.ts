import { readVertices, type DrawnNode } from './vertices.ts'

/** How many nodes stand above each other at most: a drawing needs about as many rows, and some for lines that pass. */
export function breadthOf(nodes: readonly DrawnNode[]): number {
  const columns = new Map<number, number>()
  for (const { column } of readVertices(nodes)) columns.set(column, (columns.get(column) ?? 0) + 1)
  return Math.max(0, ...columns.values())
}
