/*
 * A rule as Claude Code writes it: `Bash`, `Bash(npm test)`, `Bash(npm run test:*)`, `Edit(src/**)`,
 * `WebFetch(domain:example.com)`, `mcp__server__tool` (https://code.claude.com/docs/en/permissions). Ours may hold `\*` for a
 * star that means itself: only so can every use of a tool be named exactly.
 */
export type PermissionRule = {
  tool: string
  /** What of the tool's uses is meant; undefined: all of them. */
  specifier: string | undefined
}

/** Reads a rule; undefined for what is none. */
export function readRule(text: string): PermissionRule | undefined {
  const [, tool, specifier] = /^([^()\s]+)(?:\(([\s\S]*)\))?$/.exec(text.trim()) ?? []
  if (tool === undefined || specifier === '') return undefined
  return { tool, specifier }
}

/** Writes the rule that means exactly one use of a tool. */
export function exactRule(tool: string, specifier: string | undefined): string {
  return specifier === undefined || specifier === '' ? tool : `${tool}(${specifier.replaceAll('*', '\\*')})`
}

/** Whether a specifier says more than one thing. */
export function hasWildcard(specifier: string): boolean {
  return /(?<!\\)\*/.test(specifier)
}

/** What a specifier without wildcards says. */
export function literal(specifier: string): string {
  return specifier.replaceAll('\\*', '*')
}

/** Whether a text is what a pattern says, in which a `*` stands for anything. Linear in the text for each star. */
export function matchesGlob(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split(/(?<!\\)\*+/).map(literal)
  const last = rest.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false
  let at = first.length
  for (const piece of rest) {
    const found = text.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return at <= text.length - last.length
}
