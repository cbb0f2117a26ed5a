import type { CheckRow, RefusedFile } from '../core/outcome.ts'
import { oneLine } from '../core/sanitize.ts'
import type { CheckSpec } from '../core/task.ts'
import type { Check, CheckVocabulary, Subject } from './check.ts'
import { createCommandCheck } from './command.ts'
import { contains } from './contains.ts'
import { files } from './files.ts'
import { jsonSchema } from './json-schema.ts'
import { maxLength, minLength } from './length.ts'
import { matches } from './matches.ts'

const MAX_FOUND = 200

/** Every check there is. A new one is a file of its own and a line here. */
function allChecks(secrets: readonly string[]): Check[] {
  return [
    anyValue(contains),
    anyValue(minLength),
    anyValue(maxLength),
    anyValue(matches),
    anyValue(jsonSchema),
    anyValue(files),
    anyValue(createCommandCheck(secrets)),
  ]
}

/** What readers of task files need. Getting it loads none of what the checks run with. */
export const vocabulary: CheckVocabulary = Object.fromEntries(allChecks([]).map(({ rule, value }) => [rule, value]))

/**
 * Holds one output against the checks of its task, one after another, since commands may share a
 * folder. A row for each thing that was asked, in the order of `specs`; and one for each path of the
 * answer that was refused.
 *
 * @param secrets names of environment variables that commands do not get to see
 */
export async function runChecks(specs: readonly CheckSpec[], subject: Subject, secrets: readonly string[] = []): Promise<CheckRow[]> {
  const checks = allChecks(secrets)
  const rows: CheckRow[] = []
  for (const { rule, value } of specs) {
    const check = checks.find((one) => one.rule === rule)
    rows.push(...(check === undefined ? [unknown(rule)] : await check.run(value, subject)))
  }
  return [...rows, ...subject.refused.map(refusal)]
}

/** A check that takes any value, and answers one of the wrong shape with a row that says so. */
function anyValue<Value>(check: Check<Value>): Check {
  const { rule } = check
  return {
    rule,
    value: check.value,
    run: (value, subject) => {
      const parsed = check.value.safeParse(value)
      if (parsed.success) return check.run(parsed.data, subject)
      const problem = parsed.error.issues.map(({ message }) => message).join('; ')
      const found = oneLine(`a value of another shape: ${problem}`, MAX_FOUND)
      return [{ rule, expected: check.value.description ?? rule, found, passed: false }]
    },
  }
}

/** A run that a newer version began may ask for a check that this one does not have. */
function unknown(rule: string): CheckRow {
  return { rule, expected: `the check ${JSON.stringify(rule)}`, found: 'this version has no such check', passed: false }
}

function refusal({ path, reason }: RefusedFile): CheckRow {
  return {
    rule: 'files',
    expected: "files inside the task's folder",
    found: oneLine(`${JSON.stringify(path)} refused: ${reason}`, MAX_FOUND),
    passed: false,
  }
}
