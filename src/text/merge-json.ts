import { applyEdits, modify, type FormattingOptions } from 'jsonc-parser'

/** A value to be set at a path, or taken away. */
type Edit = { path: string[]; value: unknown }

/**
 * Applies a JSON Merge Patch (RFC 7396) to JSON as its author wrote it: what is not named keeps its place and its form.
 * @param text valid JSON, an object
 */
export function mergedJson(text: string, patch: Record<string, unknown>): string {
  const formattingOptions = formOf(text)
  return editsOf(patch, []).reduce((edited, { path, value }) => applyEdits(edited, modify(edited, path, value, { formattingOptions })), text)
}

/** `null` takes a key away; an object changes what it names. */
function editsOf(patch: Record<string, unknown>, above: readonly string[]): Edit[] {
  return Object.entries(patch).flatMap(([key, value]) => {
    const path = [...above, key]
    if (isObject(value)) return editsOf(value, path)
    return [{ path, value: value === null ? undefined : value }]
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Goes by the first line that is indented. */
function formOf(text: string): FormattingOptions {
  const [, indent = '  '] = /\n([ \t]+)\S/.exec(text) ?? []
  return { insertSpaces: !indent.startsWith('\t'), tabSize: indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' }
}
