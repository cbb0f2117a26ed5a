import { scanFences } from '../../core/fences.ts'

/** The content of a text that is nothing but one fenced block, or one quote; any other text as it is. */
export function unwrap(text: string): string {
  return unfence(text) ?? unquote(text) ?? text
}

function unfence(text: string): string | undefined {
  if (!/^ {0,3}(?:```|~~~)/.test(text)) return undefined
  const [fence, ...others] = scanFences(text)
  if (fence === undefined || !fence.closed || others.length > 0) return undefined
  const lines = text.trimEnd().split('\n').length
  return fence.content.split('\n').length + 1 === lines ? withoutLastLineEnd(fence.content) : undefined
}

function unquote(text: string): string | undefined {
  const lines = text.split('\n')
  if (!lines.every((line) => /^ {0,3}>/.test(line))) return undefined
  return lines.map((line) => line.replace(/^ {0,3}> ?/, '')).join('\n')
}

/** A text file's last line end belongs to the file, not to what it says. */
export function withoutLastLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '')
}
