import type { TaskStatus } from '../task-state.ts'

/** The sign of each status: it carries the meaning, colour only repeats it. */
export const GLYPHS: Record<TaskStatus, { unicode: string; ascii: string }> = {
  waiting: { unicode: '○', ascii: '.' },
  ready: { unicode: '◌', ascii: 'o' },
  held: { unicode: '⏸', ascii: 'H' },
  running: { unicode: '●', ascii: '>' },
  checking: { unicode: '●', ascii: '>' },
  complete: { unicode: '✔', ascii: '+' },
  incomplete: { unicode: '⚠', ascii: '!' },
  failed: { unicode: '✖', ascii: 'x' },
  blocked: { unicode: '⊘', ascii: '-' },
  skipped: { unicode: '↷', ascii: 's' },
  cancelled: { unicode: '■', ascii: '#' },
}
