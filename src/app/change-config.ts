import { realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readIfThere } from '../config/load.ts'
import { errorCode } from '../core/error.ts'
import type { Problem } from '../core/problem.ts'
import { editText } from '../files/edit-text.ts'
import { readJsonText } from '../text/json.ts'
import { mergedJson } from '../text/merge-json.ts'
import type { Conductor } from './conductor.ts'
import { holdsAtOnce, inTurn, reload, type Reloaded } from './reload.ts'
import { openWorkspace } from './workspace.ts'

const FILE = 'config.json'
const EMPTY = '{}\n'

/**
 * Changes `config.json` as a JSON Merge Patch (RFC 7396) says, and lets the conductor go by it. Only what holds at once can be
 * changed so: who holds a token cannot name another program to be run, or another place for what happens to be sent to.
 * What cannot be used leaves the file as it was.
 */
export function changeConfig(conductor: Conductor, patch: Record<string, unknown>, changed_by: string): Promise<Reloaded | { problems: Problem[] }> {
  const { workspace } = conductor
  return inTurn(workspace, async () => {
    const fixed = fixedIn(patch)
    if (fixed.length > 0) return { problems: fixed.map((key) => ({ file: FILE, message: `${key} holds only once Tutti is started again, and is changed in ${FILE} itself` })) }
    const path = join(workspace.dir, FILE)
    const text = (await readIfThere(path)) ?? EMPTY
    // It says where and why, as it does of the file.
    if (readJsonText(text).result === 'broken') return openedAs(text)
    const refused = await openedAs(mergedJson(text, patch))
    if (refused.problems.length > 0) return refused
    await writeFile(path, EMPTY, { flag: 'wx' }).catch(unlessThere)
    await editText(await realpath(path), (now) => mergedJson(now, patch))
    return reload(conductor, changed_by)
  })

  async function openedAs(text: string): Promise<{ problems: Problem[] }> {
    const opened = await openWorkspace(workspace.dir, workspace.choices, process.env, { text })
    return { problems: 'problems' in opened ? opened.problems : [] }
  }
}

/** What a patch names that cannot be changed while a conductor works: keys as they stand in the file. */
function fixedIn(patch: Record<string, unknown>): string[] {
  return Object.entries(patch).flatMap(([section, value]) => {
    const keys = section === 'execution' && typeof value === 'object' && value !== null ? Object.keys(value) : ['']
    return keys.filter((key) => !holdsAtOnce(section, key)).map((key) => (key === '' ? section : `${section}.${key}`))
  })
}

function unlessThere(error: unknown): void {
  if (errorCode(error) !== 'EEXIST') throw error
}
