import { createHash } from 'node:crypto'
import { relative, resolve } from 'node:path'
import * as z from 'zod'
import { exactRule } from '../../core/permission-rule.ts'
import { Ask, Question, type Reply } from '../../core/question.ts'
import { problemOf } from '../ask-user.ts'
import type { ToolUse } from './claude-events.ts'
import { contains } from './roots.ts'

/** The tool by which it asks; the answers go back in its input, by their questions. */
const ASKS = 'AskUserQuestion'

const Asked = z.object({
  questions: z.array(
    z.object({
      question: Ask.shape.text,
      multiSelect: z.boolean().optional().catch(undefined),
      options: z.array(z.object({ label: z.string(), description: z.string().optional().catch(undefined) })).default([]),
    }),
  ),
})

/** What Claude Code wants of a person, or why nobody can be asked that. */
export type Wanted = { question: Question } | { problem: string }

/** @param cwd where it works: paths below it are written as rules write them */
export function wantedOf({ tool_name: tool, input }: ToolUse, cwd: string): Wanted {
  if (tool === ASKS) return asked(input)
  const rule = exactRule(tool, specifierOf(tool, input, cwd))
  const question = Question.safeParse({ kind: 'permission', tool, rule, input: readable(input) })
  // What is cut off is what nobody has seen, and what no rule has been held against.
  return question.success ? { question: question.data } : { problem: `nobody can judge this, it is too long to be shown: ${problemOf(question.error)}` }
}

function asked(input: ToolUse['input']): Wanted {
  const said = Asked.safeParse(input)
  if (!said.success) return { problem: `this is no question: ${problemOf(said.error)}` }
  const asks = said.data.questions.map(({ question: text, options, multiSelect }) => ({ text, options, ...(multiSelect === true ? { multiple: true } : {}) }))
  const question = Question.safeParse({ kind: 'question', asks })
  return question.success ? { question: question.data } : { problem: `this cannot be asked: ${problemOf(question.error)}` }
}

/** A reply in the words of the protocol, and to the model where it is none that it wanted. */
export function responseTo({ tool_name, input }: ToolUse, question: Question, reply: Reply): object {
  switch (reply.is) {
    case 'allowed':
      return { behavior: 'allow', updatedInput: input }
    case 'answered': {
      const texts = question.kind === 'question' ? question.asks.map(({ text }) => text) : []
      return { behavior: 'allow', updatedInput: { ...input, answers: Object.fromEntries(texts.map((text, index) => [text, reply.answers[index] ?? ''])) } }
    }
    case 'denied':
      return turnedDown(tool_name === ASKS ? `This will not be answered${because(reply.message)} Decide by yourself, and say in the end what you have assumed.` : `This is not allowed${because(reply.message)} Go on without it.`)
    case 'unanswered':
      return turnedDown(tool_name === ASKS ? `Nobody answers${because(reply.message)} Decide by yourself, and say in the end what you have assumed.` : `Nobody is there to allow this${because(reply.message)} Go on without it.`)
  }
}

export function turnedDown(message: string): object {
  return { behavior: 'deny', message }
}

function because(message: string | undefined): string {
  return message === undefined || message.trim() === '' ? '.' : `: ${message.trim().replace(/\.?$/, '.')}`
}

const PATHS = ['file_path', 'notebook_path', 'path']

/** What of a tool's use a rule names. */
function specifierOf(tool: string, input: ToolUse['input'], cwd: string): string | undefined {
  const { command, url } = input
  if (tool === 'Bash') return typeof command === 'string' ? command : undefined
  if (tool === 'WebFetch') return typeof url === 'string' && URL.canParse(url) ? `domain:${new URL(url).hostname}` : undefined
  if (tool.startsWith('mcp__')) return undefined
  const path = PATHS.map((key) => input[key]).find((value) => typeof value === 'string')
  return path === undefined ? undefined : pathInRule(resolve(cwd, path), cwd)
}

function pathInRule(path: string, cwd: string): string {
  if (!contains(cwd, path)) return `/${path}`
  const way = relative(cwd, path) || '.'
  // It would be taken for somebody's home.
  return way.startsWith('~') ? `./${way}` : way
}

/** Characters of one text in an input, from what leaves it whole to what leaves hardly anything. */
const KEPT = [4000, 1000, 300, 60]
const LONGEST_INPUT = 3500

/** The input as JSON for a person, with what is long cut short. */
function readable(input: ToolUse['input']): string {
  const shown = KEPT.map((most) => JSON.stringify(input, (_, value: unknown) => (typeof value === 'string' ? short(value, most) : value)))
  return shown.find((text) => text.length <= LONGEST_INPUT) ?? short(shown.at(-1) ?? '', LONGEST_INPUT)
}

/** What is left out is named by its hash: two inputs that differ only there are two all the same. */
function short(text: string, most: number): string {
  if (text.length <= most) return text
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
  return `${text.slice(0, most).replace(/[\ud800-\udbff]$/, '')}… (${text.length - most} more characters, sha256 ${hash}…)`
}
