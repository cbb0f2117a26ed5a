import { meansPath, type Places } from './path-rule.ts'
import { hasWildcard, literal, matchesGlob, readRule, type PermissionRule } from './permission-rule.ts'
import type { Question } from './question.ts'
import { commandsIn, isPlainCommand } from './shell-parts.ts'

/** What an agent may do without a person, what it may not do, and what a person decides on whatever else is said. */
export type PermissionPolicy = { allow: readonly string[]; deny: readonly string[]; ask: readonly string[] }

export type PermissionQuestion = Extract<Question, { kind: 'permission' }>

/** A rule that names the first means the others too: they do the same. */
const COVERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['Edit', ['Write', 'MultiEdit', 'NotebookEdit']],
  ['Read', ['Grep', 'Glob', 'LS', 'NotebookRead']],
])
const WITH_PATHS = new Set([...COVERS].flatMap(([tool, others]) => [tool, ...others]))

/**
 * What a task's rules say to the use of a tool; undefined where none means it. To forbid beats to ask, and that beats to
 * allow. A rule that allows is read narrowly, one that forbids or asks is read widely: when in doubt a person is asked. Rules hold
 * against what text tells; a program that hides what it does has to be held by other means.
 * @param places without which absolute rules do not mean relative paths
 */
export function ruleFor({ allow, deny, ask }: PermissionPolicy, question: PermissionQuestion, places: Places = {}): 'allow' | 'deny' | 'ask' | undefined {
  // Taken apart once, however many rules there are: a line may hold a thousand commands.
  const commands = question.tool === 'Bash' && deny.length + ask.length > 0 ? commandsIn(usedFor(question) ?? '') : []
  const forbidden = (rule: string) => forbids(rule, question, commands, places)
  if (deny.some(forbidden)) return 'deny'
  if (ask.some(forbidden)) return 'ask'
  return allow.some((rule) => allows(rule, question, places)) ? 'allow' : undefined
}

/** Why a text is no rule, as a sentence for a person; undefined for a rule. */
export function ruleProblem(text: string): string | undefined {
  return readRule(text) === undefined ? `"${text}" is no rule for a tool: write "Bash", "Bash(npm test)", "Bash(npm run test:*)" or "Edit(src/**)"` : undefined
}

function allows(text: string, question: PermissionQuestion, places: Places): boolean {
  const rule = readRule(text)
  if (rule === undefined || !isFor(rule, question.tool)) return false
  if (rule.specifier === undefined) return true
  const used = usedFor(question)
  if (used === undefined) return false
  const exact = hasWildcard(rule.specifier) ? undefined : literal(rule.specifier)
  if (exact === used) return true
  if (question.tool === 'Bash') return exact?.trim() === used.trim() || (isPlainCommand(used) && meansCommand(rule.specifier, used.trim()))
  if (WITH_PATHS.has(question.tool)) return meansPath(rule.specifier, used, false, places)
  return matchesGlob(rule.specifier, used)
}

function forbids(text: string, question: PermissionQuestion, commands: readonly string[], places: Places): boolean {
  const rule = readRule(text)
  // One that was mistyped is not one that says nothing.
  if (rule === undefined) return isFor({ tool: text.trim().split('(')[0] ?? '', specifier: undefined }, question.tool)
  if (!isFor(rule, question.tool)) return false
  const used = usedFor(question)
  if (rule.specifier === undefined || used === undefined) return rule.specifier === undefined
  const { specifier } = rule
  if (!hasWildcard(specifier) && literal(specifier).trim() === used.trim()) return true
  if (question.tool === 'Bash') return [specifier, specifier.replaceAll(/\s+/g, ' ')].some((each) => commands.some((command) => meansCommand(each, command)))
  if (WITH_PATHS.has(question.tool)) return meansPath(specifier, used, true, places)
  return matchesGlob(specifier, used) || (specifier.startsWith('domain:') && used.endsWith(`.${specifier.slice('domain:'.length)}`))
}

function isFor(rule: PermissionRule, tool: string): boolean {
  if (rule.tool === tool || COVERS.get(rule.tool)?.includes(tool) === true) return true
  // A server of tools means all that it has.
  return rule.tool.startsWith('mcp__') && (matchesGlob(rule.tool, tool) || (rule.tool.split('__').length === 2 && tool.startsWith(`${rule.tool}__`)))
}

/** `npm run test:*` and `npm run test *` mean the command with any arguments, or none. */
function meansCommand(specifier: string, command: string): boolean {
  const prefix = /^([\s\S]*)(?::| )\*$/.exec(specifier)?.[1]
  if (prefix === undefined) return matchesGlob(specifier, command)
  return matchesGlob(prefix, command) || matchesGlob(`${prefix} *`, command)
}

/** What the tool is to be used for, as the question's own rule says it exactly. */
function usedFor({ rule }: PermissionQuestion): string | undefined {
  const specifier = readRule(rule)?.specifier
  return specifier === undefined ? undefined : literal(specifier)
}
