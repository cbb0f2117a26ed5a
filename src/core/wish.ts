import * as z from 'zod'
import { LONGEST_TEXT } from './question.ts'
import { Priority, TaskId } from './task.ts'

/** Where a person stands when they say what they want. `option`: on the command line, before the run began. */
export const Door = z.enum(['screen', 'cli', 'http', 'webhook', 'option'])
export type Door = z.infer<typeof Door>

/** Who wants something, as the run records it. */
export type Author = { by: string; door?: Door | undefined }

/** What a person writes. It becomes a part of a reply, which the log holds no longer ones of. */
const Words = z.string().trim().min(1).max(LONGEST_TEXT)

const task = { task: TaskId }
/** Which gate an answer is for: its id, and the hash of what was shown there. Absent: whatever the task waits at now. */
export const toGate = { gate: z.string().max(100).optional(), shown: z.string().max(100).optional() }
const wish = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) => z.object({ type: z.literal(type), ...shape })

/** What a person may want of a run that goes on, through any door. */
export const Wish = z.discriminatedUnion('type', [
  /** Let the task go on: it may run, what it made is accepted, what it asks for is allowed. */
  wish('approve', { ...task, ...toGate, comment: Words.optional() }),
  /** Do not let it go on. */
  wish('reject', { ...task, ...toGate, comment: Words.optional() }),
  /** What it made is not good yet: try again, knowing this. */
  wish('send-back', { ...task, ...toGate, comment: Words }),
  /** Answers what a running attempt asks: one answer for each question. */
  wish('answer', { ...task, ...toGate, answers: z.array(Words).min(1).max(8), comment: Words.optional() }),
  /** Approves every task that waits for leave to run. */
  wish('approve-all', {}),
  /** The task is not needed: what depends on it goes on without its result. `descendants`: none of that is needed either. */
  wish('skip', { ...task, descendants: z.boolean().optional() }),
  /** The task is not to be done: what depends on it cannot be done either. `descendants`: that ends cancelled too, and not blocked. */
  wish('cancel', { ...task, descendants: z.boolean().optional() }),
  /** Let what runs come to its end, and start nothing new: of one task, of it and all that depends on it, or of the whole run. */
  wish('pause', { task: TaskId.optional(), descendants: z.boolean().optional() }),
  wish('unpause', { task: TaskId.optional(), descendants: z.boolean().optional() }),
  /**
   * The task is to be done again, or, where it waits for its time, at once. What is blocked because of it may go on
   * then; `descendants`: all that stands behind it is done again too.
   */
  wish('retry', { ...task, descendants: z.boolean() }),
  /** Try at once whatever waits for its time: providers, and tasks. */
  wish('retry-now', {}),
  /** When it leaves, among all that is ready. */
  wish('prioritize', { ...task, priority: Priority }),
])
export type Wish = z.infer<typeof Wish>
