/** What a command leaves to the shell. Scripts rely on these: they never change. */
export const EXIT = {
  /** Everything is complete. */
  done: 0,
  /** Something failed, is incomplete, blocked or cancelled. */
  failed: 1,
  /** The usage, the configuration or a task file is wrong; nothing was run. */
  invalid: 2,
  /** Held or stopped by the budget. */
  budget: 3,
  /** Waits for a person or a provider. */
  waiting: 4,
  sighup: 129,
  sigint: 130,
  sigterm: 143,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
