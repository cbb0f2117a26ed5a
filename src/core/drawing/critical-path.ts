import { readVertices, type DrawnNode } from './vertices.ts'

/** The longest chain of tasks that wait for each other: it decides when a plan can end. The first of several that are equally long. */
export function criticalPath(nodes: readonly DrawnNode[]): string[] {
  const path: string[] = []
  let candidates = readVertices(nodes)
  while (candidates.length > 0) {
    const next = candidates.reduce((best, vertex) => (vertex.height > best.height ? vertex : best))
    path.push(next.id)
    candidates = next.after
  }
  return path
}
