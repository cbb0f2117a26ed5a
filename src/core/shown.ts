import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { FileRecord } from './outcome.ts'
import type { Question } from './question.ts'
import type { TaskSpec } from './task.ts'

/** What is shown to whoever decides, and what an answer is for. */
export type Shown =
  | { gate: 'approval'; spec: TaskSpec }
  | { gate: 'review'; files: readonly FileRecord[] }
  | { gate: 'question'; question: Question }
  | { gate: 'budget' | 'quota'; reason: string }

/** SHA-256 of what is shown, as hex: a task that was changed meanwhile, or another answer, is not approved unseen. */
export function shownHash(shown: Shown): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(shownParts(shown)))))
}

function shownParts(shown: Shown): unknown {
  switch (shown.gate) {
    case 'approval': {
      // Where it stands in its file, and when it leaves, changes nothing about what it does.
      const { file: _file, line: _line, priority: _priority, ...rest } = shown.spec
      return [shown.gate, Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))]
    }
    case 'review':
      return [shown.gate, shown.files.map(({ path, sha256: content }) => [path, content])]
    case 'question':
      return [shown.gate, shown.question]
    case 'budget':
    case 'quota':
      return [shown.gate, shown.reason]
  }
}
