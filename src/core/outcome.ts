import * as z from 'zod'

/**
 * Why an attempt did not succeed. The kind comes from a structured signal (a status code, an exit
 * code, a typed field), never from the words of a message; `failure.ts` says what each one means.
 */
export const FailureKind = z.enum([
  /** It took longer than the task's timeout. */
  'timeout',
  /** No first word came, or no further one, for as long as the limits allow. */
  'silent',
  /** The server asked us to slow down (429). */
  'rate_limited',
  /** What was paid for is used up: waiting a little does not help. */
  'quota_exhausted',
  /** The key is missing, wrong or not allowed (401, 403). */
  'auth',
  /** The program that would carry it out is not on this machine. */
  'not_installed',
  /** The server understood the request and refused it (400, 413, 422). */
  'bad_request',
  /** The provider does not have the model. */
  'model_missing',
  /** Nothing listens there, the server failed (5xx), or the connection broke. */
  'provider_down',
  /** An answer came that cannot be used: empty, or not in the protocol's shape. */
  'bad_output',
  /** The command ended with an exit code other than 0, or could not be started. */
  'command_failed',
  /** An agent wanted to do what it was not allowed to. */
  'permission_denied',
  /** An agent was stopped at the turns or the money that it may use. */
  'limit_reached',
  /** Something broke that is not the provider's: a file that could not be read or kept, or a bug. */
  'broken',
  /** It asked what nobody is there to answer. */
  'unanswered',
  /** The conductor stopped while it ran. */
  'interrupted',
])
export type FailureKind = z.infer<typeof FailureKind>

/** Why the text ended. `length`: the token limit cut it off. `unknown`: the provider did not say. */
export const FinishReason = z.enum(['stop', 'length', 'filtered', 'unknown'])
export type FinishReason = z.infer<typeof FinishReason>

/** Tokens. A field is absent where the provider did not tell: unknown is never zero. */
export const Usage = z.object({
  /** All input tokens, cached ones included. */
  input: z.number().int().nonnegative().optional(),
  /** The part of `input` that came from the provider's cache. */
  cached: z.number().int().nonnegative().optional(),
  /** The part of `input` that was written into the provider's cache, which may cost more. */
  cache_write: z.number().int().nonnegative().optional(),
  output: z.number().int().nonnegative().optional(),
})
export type Usage = z.infer<typeof Usage>

/** A file that a task produced, relative to the run's folder. */
export const FileRecord = z.object({
  path: z.string(),
  sha256: z.string(),
  /** Bytes. */
  size: z.number().int().nonnegative(),
  media_type: z.string(),
  /** `same`: the file already held exactly this content, and was left alone. */
  written: z.enum(['new', 'changed', 'same']),
})
export type FileRecord = z.infer<typeof FileRecord>

/** A path in an answer that was not written, and why. */
export const RefusedFile = z.object({ path: z.string(), reason: z.string() })
export type RefusedFile = z.infer<typeof RefusedFile>

/** How an attempt ended. */
export const Outcome = z.discriminatedUnion('result', [
  z.object({
    result: z.literal('answered'),
    /** The answer itself (`output.md`); absent when it was empty. */
    output: FileRecord.optional(),
    /** Files that the answer contained. */
    files: z.array(FileRecord).optional(),
    refused: z.array(RefusedFile).optional(),
    usage: Usage.optional(),
    /** Millionths of a US dollar; absent when the price is not known, which is never the same as free. */
    cost_micro_usd: z.number().int().nonnegative().optional(),
    finish: FinishReason,
    /** It came from the cache: nobody was asked. */
    cached: z.literal(true).optional(),
    duration_ms: z.number().nonnegative(),
  }),
  z.object({
    result: z.literal('failed'),
    kind: FailureKind,
    message: z.string(),
    /** How long the provider asks to be left alone (Retry-After, the reset of a quota). */
    retry_after_ms: z.number().nonnegative().optional(),
    usage: Usage.optional(),
    /** What it cost all the same; only from a provider that knows. */
    cost_micro_usd: z.number().int().nonnegative().optional(),
    /** The provider turned it away before any work was done: it cost nothing. */
    unspent: z.literal(true).optional(),
    duration_ms: z.number().nonnegative(),
  }),
])
export type Outcome = z.infer<typeof Outcome>
export type Answered = Extract<Outcome, { result: 'answered' }>
export type Failed = Extract<Outcome, { result: 'failed' }>

/** One rule held against one output. */
export const CheckRow = z.object({
  rule: z.string(),
  /** What was asked for, in words a model can act on. */
  expected: z.string(),
  found: z.string(),
  passed: z.boolean(),
})
export type CheckRow = z.infer<typeof CheckRow>
