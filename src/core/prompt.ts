import type { CheckRow } from './outcome.ts'

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
}

/**
 * The text a model is given: the author's prompt verbatim, then what goes with it, each part in a tag
 * of its own. Tags, not headings: forwarded results are Markdown and have headings themselves.
 */
export function composePrompt(parts: PromptParts): string {
  return [
    parts.prompt,
    section('target_files', list(parts.target_files)),
    section('context', parts.context ?? ''),
    section('success_criteria', list(parts.success_criteria)),
    ...parts.results.map(({ id, title, text }) => `<result task="${id}" title="${title.replaceAll('"', "'")}">\n${text.trimEnd()}\n</result>`),
    section('files_to_write', writing(parts.outputs)),
    section('missing_from_your_last_answer', missing(parts.feedback)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
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
  const left = text.length - max
  return `${text.slice(0, head)}\n[… ${left} of ${text.length} characters left out …]\n${tail === 0 ? '' : text.slice(-tail)}`
}

/** Replaces `{{name}}` for the names in `params`; any other braces are the author's and stay. */
export function fillParams(prompt: string, params: Readonly<Record<string, string>>): string {
  return prompt.replaceAll(/\{\{\s*([A-Za-z_][\w-]*)\s*\}\}/g, (whole, name: string) =>
    Object.hasOwn(params, name) ? (params[name] ?? whole) : whole,
  )
}
