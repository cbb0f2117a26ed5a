/** A composed prompt (core/prompt.ts) as a rehearsal reads it. */
export type RehearsalPrompt = {
  /** The first line of what was asked. */
  asked: string
  /** What other tasks handed over. */
  results: { task: string; title: string; text: string }[]
  /** Files that the answer has to contain. */
  files: string[]
  /** Texts that the last answer lacked. */
  missing: string[]
}

const RESULT = /^<result task="([^"\n]*)" title="([^"\n]*)">\n([\s\S]*?)\n<\/result>$/gm

/** Reads what a model would be expected to act on. */
export function readPrompt(prompt: string): RehearsalPrompt {
  const results = [...prompt.matchAll(RESULT)].map(([, task = '', title = '', text = '']) => ({ task, title, text }))
  // A result may hold anything, tags included: they are not for us.
  const own = prompt.replaceAll(RESULT, '')
  return {
    asked: own.split('\n').map((line) => line.trim()).find((line) => line !== '') ?? '',
    results,
    files: items(section(own, 'files_to_write')),
    missing: items(section(own, 'missing_from_your_last_answer')).flatMap(quoted),
  }
}

/** The last section of this name: the author's own words may hold the same tag. */
function section(prompt: string, tag: string): string {
  const start = prompt.lastIndexOf(`\n<${tag}>\n`)
  const end = prompt.indexOf(`\n</${tag}>`, start)
  return start === -1 || end === -1 ? '' : prompt.slice(start, end)
}

const items = (list: string): string[] => [...list.matchAll(/^- (.+)$/gm)].map(([, item = '']) => item)

/** Every quoted text in what a check expected; what it found instead is not wanted. */
function quoted(row: string): string[] {
  const [expected = ''] = row.split('; found: ')
  return [...expected.matchAll(/"(?:[^"\\]|\\.)*"/g)].flatMap(([text]) => unquote(text))
}

function unquote(text: string): string[] {
  try {
    return [String(JSON.parse(text))]
  } catch {
    return []
  }
}
