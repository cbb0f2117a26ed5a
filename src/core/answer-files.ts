import { scanFences, type Fence } from './fences.ts'
import { isKnownExtension } from './media-type.ts'

export type AnswerFile = {
  /** As the answer states it, less a leading `./`. It may point anywhere: whoever writes it has to look. */
  path: string
  content: string
}

/**
 * The files in an answer: fenced blocks that name a path in their info string or on the line before.
 * A block that was cut off is no file, and neither is a diff of one. The last block of a path wins.
 *
 * `declared` are paths that count as such even where they look like a plain word (`Makefile`).
 */
export function filesInAnswer(text: string, declared: readonly string[] = []): AnswerFile[] {
  const files = new Map<string, AnswerFile>()
  for (const fence of scanFences(text)) {
    if (!fence.closed) continue
    const stated = pathInInfo(fence.info, declared) ?? pathInLine(fence.before, declared)
    if (stated === undefined || (isDiff(fence) && !/\.(diff|patch)$/.test(stated))) continue
    const path = stated.replace(/^(\.\/+)+(?=.)/, '')
    files.set(path, { path, content: fence.content })
  }
  return [...files.values()]
}

function isDiff({ info }: Fence): boolean {
  return /^(diff|patch|udiff)(?=[\s:]|$)/i.test(info)
}

/** How sure we have to be: `named` was called a file by the answer, `info` stands where paths stand, `plain` may be prose. */
type Place = 'named' | 'info' | 'plain'

/** No line that names a file is longer. It also bounds what the expressions below have to look at. */
const MAX_LINE = 600
const ATTRIBUTE = /\{[^}]*\}|[\w-]+=(?:"[^"]*"|'[^']*'|\S*)/g

/** `src/app.ts` · `ts src/app.ts` · `ts:src/app.ts` · `ts title="src/app.ts"` */
function pathInInfo(info: string, declared: readonly string[]): string | undefined {
  if (info.length > MAX_LINE) return undefined
  const [, ...values] = /(?:^|[\s{,])(?:path|file|filename|title)=(?:"([^"]*)"|'([^']*)'|([^\s"'{},]+))/i.exec(info) ?? []
  const named = values.find((value) => value !== undefined)
  if (named !== undefined && isPath(named, 'named', declared)) return named

  const words = info.replaceAll(ATTRIBUTE, ' ').trim()
  const quoted = /^(?:[\w+#-]+\s+)?(["'])(.+)\1$/.exec(words)?.[2]
  if (quoted !== undefined) return isPath(quoted, 'named', declared) ? quoted : undefined

  const [first = '', second = '', ...more] = words.split(/\s+/)
  // More words make it a sentence.
  if (more.length > 0) return undefined
  const path = second === '' ? (/^[A-Za-z][\w+#-]*:(.+)$/.exec(first)?.[1] ?? first) : second
  return isPath(path, 'info', declared) ? path : undefined
}

/** The whole line is a path: `### src/app.ts` · `**src/app.ts**:` · `` 1. `src/app.ts` `` · `File: src/app.ts` */
function pathInLine(line: string, declared: readonly string[]): string | undefined {
  if (line.length > MAX_LINE) return undefined
  const bare = unwrap(line.replace(/^(#{1,6}\s+)?((?:[-*+]|\d{1,3}[.)])\s+)?/, ''))
  const label = /^[*_]{0,2}(?:file|file ?name|file ?path|path)[*_]{0,2}\s*:[*_]{0,2}\s*(.+)$/i.exec(bare)?.[1]
  const path = unwrap(label ?? bare)
  return isPath(path, label === undefined ? 'plain' : 'named', declared) ? path : undefined
}

const WRAPPERS = ['**', '__', '*', '_', '`', '"', "'"]

function unwrap(text: string): string {
  let inner = text.trim().replace(/\s*:$/, '')
  for (const mark of WRAPPERS) {
    if (inner.length > 2 * mark.length && inner.startsWith(mark) && inner.endsWith(mark)) {
      inner = inner.slice(mark.length, -mark.length).trim().replace(/\s*:$/, '')
    }
  }
  return inner
}

const MAX_LENGTH = 260

/** Names of software that read like names of files. */
const NOT_FILES: ReadonlySet<string> = new Set([
  'console.log', 'ASP.NET', 'asp.net', 'VB.NET', 'vb.net', 'Socket.io', 'Chart.js', 'D3.js',
  'Express.js', 'Next.js', 'Node.js', 'node.js', 'Nuxt.js', 'React.js', 'Three.js', 'Vue.js',
])

function isPath(text: string, place: Place, declared: readonly string[]): boolean {
  if (declared.includes(text)) return true
  if (text === '' || text.length > MAX_LENGTH || NOT_FILES.has(text)) return false
  // Spaces are for names only that the answer calls a file: `cat notes.txt` is a command.
  if (/[\p{Cc}<>|"'`*?:{},;=]/u.test(text) || (place !== 'named' && /\s/.test(text))) return false

  const segments = text.split('/')
  const extension = /\.([A-Za-z][A-Za-z0-9]{0,9})$/.exec(segments.at(-1) ?? '')?.[1]
  if (segments.length === 1) return extension !== undefined && (place !== 'plain' || isFileName(text, extension))
  if (segments.at(-1) === '') return false
  if (extension !== undefined || segments.includes('.') || segments.includes('..')) return true
  // Without an extension a slash is not enough in prose (`Request/Response`), for a media type or for languages (`html/css`).
  return place !== 'plain' && !MEDIA_TYPE.test(text) && !segments.every(isLanguage)
}

const MEDIA_TYPE = /^(application|audio|font|image|message|model|multipart|text|video)\/[^/]+$/

function isLanguage(word: string): boolean {
  return isKnownExtension(word) || /^[A-Za-z][+#]+$/.test(word)
}

/** In prose, `fs.readFile` is no file, and `.env.local` is one. */
function isFileName(name: string, extension: string): boolean {
  return isKnownExtension(extension) || name.startsWith('.')
}
