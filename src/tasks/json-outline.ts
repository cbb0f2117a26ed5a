/** A key of the outermost object: where it stands, and where its value starts and ends. */
export type JsonEntry = {
  name: string
  offset: number
  value: { start: number; end: number }
  /** Where each object in the value starts, when the value is a list. */
  items: number[]
}

export type JsonOutline = {
  entries: JsonEntry[]
  /** Levels of objects and lists in each other. */
  depth: number
}

/** Where things stand in a text that `JSON.parse` has accepted, in one pass over its characters. */
export function outlineJson(text: string): JsonOutline {
  const entries: JsonEntry[] = []
  let depth = 0
  let deepest = 0
  let name: { text: string; offset: number } | undefined
  let open: JsonEntry | undefined

  function endValue(end: number) {
    if (open !== undefined) open.value.end = lastOf(text, end)
    open = undefined
  }

  for (let at = 0; at < text.length; at += 1) {
    switch (text.charAt(at)) {
      case '"': {
        const end = endOfString(text, at)
        if (depth === 1 && open === undefined) name = { text: text.slice(at, end), offset: at }
        at = end - 1
        break
      }
      case ':':
        if (depth === 1 && name !== undefined) {
          const start = firstOf(text, at + 1)
          open = { name: String(JSON.parse(name.text)), offset: name.offset, value: { start, end: start }, items: [] }
          entries.push(open)
        }
        break
      case ',':
        if (depth === 1) endValue(at)
        break
      case '{':
        if (depth === 2) open?.items.push(at)
        depth += 1
        break
      case '[':
        depth += 1
        break
      case '}':
      case ']':
        if (depth === 1) endValue(at)
        depth -= 1
        break
      default:
    }
    deepest = Math.max(deepest, depth)
  }
  return { entries, depth: deepest }
}

/** Just after the quote that closes the string which opens at `at`. */
function endOfString(text: string, at: number): number {
  for (let quote = text.indexOf('"', at + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slashes = quote
    while (text[slashes - 1] === '\\') slashes -= 1
    if ((quote - slashes) % 2 === 0) return quote + 1
  }
  return text.length
}

const SPACE = ' \t\r\n'

function firstOf(text: string, from: number): number {
  let at = from
  while (at < text.length && SPACE.includes(text[at] ?? '')) at += 1
  return at
}

function lastOf(text: string, to: number): number {
  let at = to
  while (at > 0 && SPACE.includes(text[at - 1] ?? '')) at -= 1
  return at
}
