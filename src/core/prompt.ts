import type { CheckRow } from './outcome.ts'
import type { Question, Reply } from './question.ts'
import type { TaskSpec } from './task.ts'
import { utf8Length } from './utf8-length.ts'

/** What a prompt may be accompanied by. Everything is optional: a prompt alone is passed on byte by byte. */
export type PromptParts = {
  prompt: string
  target_files: readonly string[]
  context: string | undefined
  success_criteria: readonly string[]
  /** Outputs of the tasks this one depends on. */
  results: readonly { id: string; title: string; text: string }[]
  /** Files that the answer has to contain. */
  outputs: readonly string[]
  /** Checks that the last attempt did not pass. */
  feedback: readonly CheckRow[]
  said: Said
}

/** What people have said of earlier attempts: why they sent an answer back, and what they were asked. */
export type Said = { comments: readonly string[]; replies: readonly { question: Question; reply: Reply }[] }

/**
 * The text a model is given: the author's prompt verbatim, then what goes with it, each part in a tag
 * of its own. Tags, not headings: forwarded results are Markdown and have headings themselves.
 */
export function composePrompt(parts: PromptParts): string {
  return joined([
    parts.prompt,
    section('target_files', list(parts.target_files)),
    section('context', parts.context ?? ''),
    section('success_criteria', list(parts.success_criteria)),
    ...needed(parts),
  ])
}

/**
 * The same for an agent, which reads files itself: the author's prompt, target files and context, as the
 * author would write them. Only what the work needs and nobody but us knows of follows in tags.
 */
export function composeVerbatim(parts: PromptParts): string {
  return joined([
    parts.prompt,
    parts.target_files.length === 0 ? '' : `**Target Files:**\n\n${list(parts.target_files)}`,
    parts.context === undefined || parts.context === '' ? '' : `**Context:**\n\n${parts.context}`,
    ...needed(parts),
  ])
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n')
}

function needed({ results, outputs, feedback, said }: PromptParts): string[] {
  return [...results.map(resultSection), section('files_to_write', writing(outputs)), section('missing_from_your_last_answer', missing(feedback)), ...saidSections(said)]
}

/** What an attempt has to know of what people have said; an agent that goes on with its conversation is told nothing else. */
export function saidSections({ comments, replies }: Said): string[] {
  const told = replies.flatMap(({ question, reply }) => toldOf(question, reply))
  return [section('review_of_your_last_answer', comments.length === 0 ? '' : `A person has read your answer and sends it back:\n${list(comments)}`), section('answers_to_your_questions', list(told))]
}

function toldOf(question: Question, reply: Reply): string[] {
  if (question.kind === 'question') {
    const answers = reply.is === 'answered' ? reply.answers : []
    return question.asks.map(({ text }, index) => `${text} — ${answers[index] ?? 'decide by yourself'}`)
  }
  return [`${question.rule} — ${reply.is === 'allowed' ? 'allowed' : 'not allowed'}`]
}

function resultSection({ id, title, text }: PromptParts['results'][number]): string {
  return `<result task="${id}" title="${title.replaceAll('"', "'")}">\n${text.trimEnd()}\n</result>`
}

function section(tag: string, body: string): string {
  return body === '' ? '' : `<${tag}>\n${body.trimEnd()}\n</${tag}>`
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n')
}

function writing(paths: readonly string[]): string {
  if (paths.length === 0) return ''
  return `Write each of these files as a fenced code block whose info string is the file's path:\n${list(paths)}`
}

function missing(rows: readonly CheckRow[]): string {
  const unmet = rows.filter((row) => !row.passed)
  if (unmet.length === 0) return ''
  return `Your last answer did not pass these checks. Answer again, in full, so that it does:\n${list(
    unmet.map(({ expected, found }) => `expected: ${expected}; found: ${found}`),
  )}`
}

/**
 * A dependency's output as it is forwarded: whole when it has at most `max` characters, else its head
 * and its tail (two thirds, one third) with a note between them that says how much was left out.
 */
export function excerpt(text: string, max: number): string {
  if (text.length <= max) return text
  const head = Math.ceil((max * 2) / 3)
  const tail = max - head
  return `${text.slice(0, head)}${leftOut(text.length - max, text.length)}${tail === 0 ? '' : text.slice(-tail)}`
}

function leftOut(left: number, all: number): string {
  return `\n[… ${left} of ${all} characters left out …]\n`
}

/** What a prompt is made of that its task's file does not state, as far as it is known before it is composed. */
export type KnownParts = {
  /** `staticPromptBytes` of its task. */
  prompt_bytes: number
  /** `size`: bytes of the dependency's output. */
  results: readonly { id: string; title: string; size: number }[]
  feedback: readonly CheckRow[]
  said: Said
  /** Characters of each output that are forwarded. */
  context_max_chars: number
}

/** Between two parts. */
const JOINT = 2

/**
 * The most bytes (UTF-8) that a model is given for an attempt, system prompt included, however it is
 * composed. A token is at least a byte, so it bounds the input tokens too.
 */
export function promptBound({ prompt_bytes, results, feedback, said, context_max_chars }: KnownParts): number {
  const unmet = utf8Length(section('missing_from_your_last_answer', missing(feedback)))
  const forwarded = results.map(({ id, title, size }) => utf8Length(resultSection({ id, title, text: '' })) + excerptBound(size, context_max_chars))
  return [unmet, ...saidSections(said).map(utf8Length), ...forwarded].reduce((sum, bytes) => sum + JOINT + bytes, prompt_bytes)
}

/** The part of the bound that a task's file states: the same for all of its attempts. */
export function staticPromptBytes(spec: TaskSpec): number {
  const known = measured.get(spec) ?? measure(spec)
  measured.set(spec, known)
  return known
}

/** A spec never changes, and a decision may ask for its size again and again. */
const measured = new WeakMap<TaskSpec, number>()

function measure({ work, ...spec }: TaskSpec): number {
  if (work.kind === 'command') return 0
  const parts = { ...spec, prompt: work.prompt, context: spec.context, results: [], feedback: [], said: { comments: [], replies: [] } }
  return utf8Length(work.system ?? '') + Math.max(utf8Length(composePrompt(parts)), utf8Length(composeVerbatim(parts)))
}

/** A character that `excerpt` counts is at most three bytes, also when it is half of one that was cut in two. */
function excerptBound(size: number, max: number): number {
  return size <= max ? size : Math.min(size, 3 * max) + utf8Length(leftOut(size, size))
}

/** Replaces `{{name}}` for the names in `params`; any other braces are the author's and stay. */
export function fillParams(prompt: string, params: Readonly<Record<string, string>>): string {
  return prompt.replaceAll(/\{\{\s*([A-Za-z_][\w-]*)\s*\}\}/g, (whole, name: string) =>
    Object.hasOwn(params, name) ? (params[name] ?? whole) : whole,
  )
}
