import type { TaskStatus } from '../task-state.ts'

/** The sign of each status: it carries the meaning, colour only repeats it. In ASCII none of them is a part of a line that is drawn. */
export const GLYPHS: Record<TaskStatus, { unicode: string; ascii: string }> = {
  waiting: { unicode: '○', ascii: '.' },
  ready: { unicode: '◌', ascii: 'o' },
  held: { unicode: '⏸', ascii: 'H' },
  running: { unicode: '●', ascii: 'R' },
  checking: { unicode: '●', ascii: 'R' },
  complete: { unicode: '✔', ascii: 'C' },
  incomplete: { unicode: '⚠', ascii: '!' },
  failed: { unicode: '✖', ascii: 'x' },
  blocked: { unicode: '⊘', ascii: 'B' },
  skipped: { unicode: '↷', ascii: 'S' },
  cancelled: { unicode: '■', ascii: '#' },
}
