import type { FailureKind, FinishReason, Usage } from '../core/outcome.ts'
import type { Question, Reply } from '../core/question.ts'

/** What an agent is given beside the prompt. */
export type AgentTerms = {
  /** Where it works, absolute. The provider refuses a folder outside its roots. */
  cwd: string
  /** Added to the environment that the provider allows. */
  env: Record<string, string>
  /** What it may use without asking, in its own words; undefined: what it allows by itself. */
  tools: string[] | undefined
  /** How much it may do without asking, in its own words; undefined: as its options say. */
  permission_mode?: string | undefined
  max_turns: number | undefined
  /** The most it may cost, in micro-dollars; undefined: no limit. */
  max_cost_micro_usd: number | undefined
  /** Chosen by us, so that an interrupted attempt can be gone on with. */
  session: {
    /** A UUID. */
    id: string
    /** It was begun by an attempt that was interrupted: go on with it where that works. */
    resume: boolean
    /** What it has to be told that it does not know, where it is gone on with: answers to what it asked. */
    said?: readonly string[] | undefined
    /** What earlier attempts of the session have been charged, in micro-dollars. */
    spent_micro_usd: number
  }
}

/** One attempt as a provider sees it: everything it needs, and nothing of graph, run or store. */
export type AttemptRequest = {
  /** The task's id: it names things in messages and in a command's environment. */
  task: string
  work:
    | {
        kind: 'prompt'
        prompt: string
        system?: string | undefined
        /** For providers whose prompts are verbatim. */
        agent?: AgentTerms | undefined
      }
    | {
        kind: 'command'
        /** A string is run by the shell; a list is a program and its arguments. */
        command: string | string[]
        /** Absolute. */
        cwd: string
        /** Added to the environment that the provider allows. */
        env: Record<string, string>
      }
  /** Absent for providers that have no models, and where the provider has a default of its own. */
  model?: string | undefined
  max_tokens?: number | undefined
  temperature?: number | undefined
  /** Passed on where the server takes one. */
  workspace?: string | undefined
}

/** What a provider gives and is given while an attempt runs. */
export type AttemptIo = {
  /**
   * Fires at the timeout and when the attempt is interrupted. The provider lets go of everything it
   * holds (connection, processes) and answers `interrupted`; the runtime knows which of the two it was.
   */
  signal: AbortSignal
  /** Takes streamed text as it comes. It is shown and logged; the answer's text is the result. */
  write: (text: string) => void
  /** Call it when something has come of which nothing is written: a provider that works is not silent. */
  heard?: () => void
  /** Absent where nothing may be asked: then nothing offers to. */
  ask?: AskPerson | undefined
}

/**
 * Asks a person, or whoever answers for them. It may take days, in which no time limit runs; where the attempt's signal fires
 * meanwhile it never resolves. Several may be asked at the same time.
 * @param withdrawn fires when nobody wants to know any more; what is answered then is dropped
 */
export type AskPerson = (question: Question, withdrawn?: AbortSignal) => Promise<Reply>

/** How an attempt came back. Failures are values: a provider that throws has a bug. */
export type Answer =
  | {
      result: 'answered'
      text: string
      usage?: Usage | undefined
      /** Millionths of a US dollar; only from a provider that knows what it charged. */
      cost_micro_usd?: number | undefined
      finish: FinishReason
    }
  | {
      result: 'failed'
      kind: FailureKind
      message: string
      /** How long the provider asks to be left alone. */
      retry_after_ms?: number | undefined
      usage?: Usage | undefined
      /** What it cost all the same, where the provider knows. */
      cost_micro_usd?: number | undefined
      /** It was turned away before any work was done, and cost nothing. Say it only when a structured signal does. */
      unspent?: true | undefined
    }

/** What `tutti doctor` shows of a provider. */
export type Health = {
  state: 'ready' | 'unreachable' | 'misconfigured'
  /** One line: a version, the models that are there, or what to do. */
  detail: string
}

export interface Provider {
  /**
   * Agents read files themselves: they get the prompt with its target files and context as their author
   * wrote them. Where it is absent, what goes with a prompt stands in tags behind it.
   */
  readonly prompts?: 'verbatim'
  run(request: AttemptRequest, io: AttemptIo): Promise<Answer>
  /** Asks the cheapest question that tells whether the provider would work. */
  health(signal: AbortSignal): Promise<Health>
}
