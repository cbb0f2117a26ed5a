import type { ProgramEnd } from '../../process/program-end.ts'
import type { ProgramInput } from '../../process/program-input.ts'
import type { AgentTerms, Answer, AskPerson } from '../provider.ts'

/** One attempt as an agent CLI sees it. */
export type AgentTask = {
  prompt: string
  system: string | undefined
  model: string | undefined
  terms: AgentTerms
  /** A folder of this attempt alone, for files that the CLI wants to be given; it is gone afterwards. */
  folder: string
  /** Arguments that the configuration adds. */
  args: readonly string[]
  /** Absent where nobody may be asked. */
  ask?: AskPerson | undefined
}

/** What an agent that has been started is talked with by. */
export type AgentTalk = {
  /** The stdin, to which the prompt has been written. */
  input: ProgramInput
  /** Fires when the agent has ended. */
  over: AbortSignal
  /** Takes what must not happen: it ends the agent, and is thrown. */
  broken: (error: unknown) => void
}

/** How a CLI is called. The prompt goes to stdin: an argument may hold 128 kB on Linux. */
type Invocation = { args: string[]; stdin: string; env?: Record<string, string> }

/** Understands what one CLI prints, line by line, and says what it came to. */
export type AgentReader = {
  /** Talks with the agent while it works, and closes its stdin, which is closed behind the prompt where this is absent. */
  talk?: (talk: AgentTalk) => void
  /** Takes one line of stdout; gives what of it is shown and logged, in words for a person, as a line or lines of its own. */
  line: (line: string) => string | undefined
  /** What it has cost so far, in micro-dollars, where the CLI says so while it works. */
  spent?: () => number | undefined
  /** Whether a session that was to be gone on with is not there: nothing was done, and a new one is begun. */
  sessionLost?: (end: ProgramEnd) => boolean
  /** How the attempt ended. @param end how the process did, with the end of its stderr */
  end: (end: ProgramEnd) => Answer
}

/** What one agent CLI adds to what all of them share: how it is called and how it is understood. */
export type AgentCli = {
  /** The program, where the configuration names no other. */
  program: string
  /** Names of the environment variables it needs beside those that every agent gets. */
  env: readonly string[]
  /** What to do where the system does not take its arguments; what stands in them comes from the task where this is absent. */
  shorten?: string
  /** Why it is not called for a task at all, as a sentence for a person. */
  refuse?: (task: AgentTask) => string | undefined
  call: (task: AgentTask) => Invocation | Promise<Invocation>
  read: (task: AgentTask) => AgentReader
}
