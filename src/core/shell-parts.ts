/*
 * What a line for a shell would run, as far as its text tells. It errs to one side: what it calls plain is one command and
 * nothing else, and of what is not, it rather names a part too many.
 */

/** Ends a command, begins one, or sends what it prints somewhere. */
const OPERATORS = new Set(';&|<>(){}\n\r\0')
/** By what a substitution is closed that a `$` and this have opened. */
const CLOSES: ReadonlyMap<string | undefined, string> = new Map([
  ['(', ')'],
  ['{', '}'],
  ['[', ']'],
])
/** What may stand before a command without being it: words of the shell, and programs that run others. */
const BEFORE = new Set('if then elif else while until do ! time'.split(' '))
const RUNS_OTHERS = new Set('sudo doas env nice nohup timeout stdbuf setsid command builtin exec xargs find watch ssh'.split(' '))
const RUNS_TEXT = new Set('sh bash zsh dash ksh fish eval'.split(' '))
const ASSIGNMENT = /^\w+\+?=/

/**
 * Quotes with rules of their own, a line that goes on, and more than one line: behind a `#` a quote opens nothing, and the next
 * line is a command all the same.
 */
const ODD = /[`\n\r\0]|\$['"]|<<|\\$/

type Scanned = { parts: string[]; isPlain: boolean; isOdd: boolean }

/** Whether a line is a single command: it chains, substitutes and redirects nothing, and all its quotes are closed. */
export function isPlainCommand(line: string): boolean {
  return scan(line).isPlain
}

/** Every command that a line may run, in every reading of it: the line as it is, its parts, and what these run in turn. */
export function commandsIn(line: string): string[] {
  const { parts, isOdd } = scan(line)
  // Where the quotes are not ours to understand, they hide nothing.
  const all = isOdd ? [...parts, ...line.split(/[;&|<>(){}\n\r\0`'"]/)] : parts
  return [...new Set([line, ...all].flatMap(readings).filter((each) => each !== ''))]
}

function scan(line: string): Scanned {
  const parts: string[] = []
  /** What closes the quotes and substitutions that are open, innermost last. */
  const open: string[] = []
  let part = ''
  let isPlain = true
  const cut = () => {
    parts.push(part)
    part = ''
    isPlain = false
  }
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? ''
    const closes = open.at(-1)
    if (closes === "'") {
      if (char === "'") open.pop()
      part += char
    } else if (char === '\\') {
      part += char + (line[at + 1] ?? '')
      at += 1
    } else if (char === '`') {
      cut()
    } else if (char === '$' && CLOSES.has(line[at + 1])) {
      cut()
      at += 1
      open.push(CLOSES.get(line[at]) ?? '')
    } else if (char === closes) {
      open.pop()
      if (char === '"') part += char
      else cut()
    } else if (char === '"' || (char === "'" && closes !== '"')) {
      open.push(char)
      part += char
    } else if (closes !== '"' && OPERATORS.has(char)) {
      cut()
    } else {
      part += char
    }
  }
  parts.push(part)
  const isOdd = open.length > 0 || ODD.test(line)
  return { parts, isPlain: isPlain && !isOdd, isOdd }
}

/** One command, as it is written and as the shell would read it; without what stands before it; and what it runs itself. */
function readings(command: string): string[] {
  const words = command.trim().split(/\s+/)
  const from = words.findIndex((word) => !BEFORE.has(word) && !ASSIGNMENT.test(word))
  if (from < 0) return spelled(words)
  const own = words.slice(from)
  const name = nameOf(own[0] ?? '')
  const others = RUNS_OTHERS.has(name) || RUNS_TEXT.has(name) ? own.map((_, index) => own.slice(index + 1)) : []
  const texts = RUNS_TEXT.has(name) || RUNS_OTHERS.has(name) ? unquoted(own.slice(1).join(' ')).split(/[;&|<>(){}`]/).map((text) => text.trim().split(/\s+/)) : []
  return [words, own, ...others, ...texts].flatMap(spelled)
}

function spelled(words: readonly string[]): string[] {
  const [first = '', ...rest] = words
  const plain = words.join(' ')
  const named = [nameOf(first), ...rest].join(' ')
  return [plain, unquoted(plain), named, unquoted(named)]
}

/** `/bin/rm`, `\rm` and `"rm"` are `rm`. */
function nameOf(word: string): string {
  const plain = unquoted(word)
  return plain.slice(plain.lastIndexOf('/') + 1)
}

function unquoted(text: string): string {
  return text.replaceAll(/['"\\]/g, '')
}
