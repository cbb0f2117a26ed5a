import * as z from 'zod'

/**
 * Something that a person has to mend, told where it stands. One shape for task files, graphs and
 * configuration, so that every face prints it the same way: `file:line:column: message`.
 */
export const Problem = z.object({
  /** The file, as the person named it. */
  file: z.string(),
  /** Counted from 1; absent when the problem is with the file as a whole. */
  line: z.number().int().positive().optional(),
  /** Counted from 1. */
  column: z.number().int().positive().optional(),
  /** What is wrong, what was expected, and what to do next. */
  message: z.string(),
})
export type Problem = z.infer<typeof Problem>

/** `file:line:column: message`, the form that editors and terminals turn into a link. */
export function formatProblem({ file, line, column, message }: Problem): string {
  const place = [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined)
  return `${place.join(':')}: ${message}`
}
