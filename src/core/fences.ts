/** A fenced code block of CommonMark (0.31, section 4.5). */
export type Fence = {
  /** The words after the opening fence, trimmed. */
  info: string
  /** Its lines as they are, line ends included, less the indentation of the opening fence. */
  content: string
  /** Of the opening fence, counted from 1. */
  line: number
  /** The nearest line with text on it before the fence, trimmed; empty where there is none since the last block. */
  before: string
  /** False for a block that ran to the end of the text: it was cut off. */
  closed: boolean
}

type Opening = { indent: number; mark: string; info: string }

/** The fenced code blocks of a text, in order. Blocks inside quotes, or indented by more than three spaces, are not seen. */
export function scanFences(text: string): Fence[] {
  const fences: Fence[] = []
  let before = ''
  let open: (Opening & { line: number; before: string; content: string[] }) | undefined

  for (const [index, line] of text.split(/(?<=\n)/).entries()) {
    if (open === undefined) {
      const opening = asOpening(line)
      if (opening !== undefined) open = { ...opening, line: index + 1, before, content: [] }
      else if (line.trim() !== '') before = line.trim()
    } else if (closes(line, open.mark)) {
      fences.push(fence(open, true))
      open = undefined
      before = ''
    } else {
      open.content.push(unindent(line, open.indent))
    }
  }
  if (open !== undefined) fences.push(fence(open, false))
  return fences
}

function fence({ info, line, before, content }: Omit<Fence, 'content' | 'closed'> & { content: string[] }, closed: boolean): Fence {
  return { info, content: content.join(''), line, before, closed }
}

function asOpening(line: string): Opening | undefined {
  const [, indent, mark, rest] = /^( {0,3})(`{3,}|~{3,})(.*)/.exec(line) ?? []
  if (indent === undefined || mark === undefined || rest === undefined) return undefined
  // With a backtick after it, it is a code span in a sentence.
  if (mark.startsWith('`') && rest.includes('`')) return undefined
  return { indent: indent.length, mark, info: rest.trim() }
}

function closes(line: string, mark: string): boolean {
  const [, closing] = /^ {0,3}(`{3,}|~{3,})[ \t]*\r?\n?$/.exec(line) ?? []
  return closing !== undefined && closing.startsWith(mark)
}

function unindent(line: string, indent: number): string {
  let spaces = 0
  while (spaces < indent && line[spaces] === ' ') spaces += 1
  return line.slice(spaces)
}
