import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import fc from 'fast-check'
import { openWorkspace } from '../../../src/app/workspace.ts'
import { loadPlan } from '../../../src/app/plans.ts'
import { validateHere } from '../../../src/app/validate.ts'
import { filesInAnswer } from '../../../src/core/answer-files.ts'
import { openOutputs } from '../../../src/store/outputs.ts'
import { createRunFolder } from '../../../src/store/run-folder.ts'
import { hostilePath, mutated } from './mutated.ts'
import type { Watched } from './watched.ts'

/** Every file below a folder, by its path from there, as a hash of what it holds. */
async function filesBelow(dir: string): Promise<Map<string, string>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return new Map(await Promise.all(files.map(async (path) => [relative(dir, path), createHash('sha1').update(await readFile(path)).digest('hex')] as const)))
}

/** Answers that name hostile paths are written below their task's folder, or not at all. @returns how many cases there were */
export async function answersStayWithin(dir: string, seed: number, cases: number): Promise<number> {
  const run = await createRunFolder(join(dir, 'workspace', 'runs'), '20261120-120000-0000')
  await writeFile(join(dir, 'canary'), 'alive')
  await writeFile(join(dir, 'workspace', 'canary'), 'alive')
  await mkdir(join(run.outputs, 'a'))
  await mkdir(join(run.outputs, 'b'))
  await symlink(dir, join(run.outputs, 'a', 'link'))
  const outputs = openOutputs(run)
  const before = await filesBelow(dir)
  const fence = fc.tuple(hostilePath, fc.constantFrom('', 'ts ', 'title="', 'path=')).map(([path, lead]) => `\`\`\`${lead}${path}${lead.endsWith('"') ? '"' : ''}\nx\n\`\`\`\n`)
  await fc.assert(
    fc.asyncProperty(fc.array(fence, { minLength: 1, maxLength: 3 }), fc.array(hostilePath, { maxLength: 2 }), async (fences, paths) => {
      const files = [...filesInAnswer(fences.join('\n'), paths), ...paths.map((path) => ({ path, content: 'x' }))]
      const { files: written, refused } = await outputs.writeFiles('a', files)
      assert.equal(written.length + refused.length, files.length)
      for (const { path } of written) assert.ok(join(run.path, path).startsWith(join(run.outputs, 'a') + sep), path)
    }),
    { seed, numRuns: cases },
  )
  const after = await filesBelow(dir)
  for (const [path, hash] of before) assert.equal(after.get(path), hash, `${path} was written to`)
  const inside = relative(dir, join(run.outputs, 'a')) + sep
  for (const path of after.keys()) assert.ok(before.has(path) || path.startsWith(inside), `${path} was written outside of its task's folder`)
  return cases
}

/** A configuration, and a task file beside it, whatever their bytes: a workspace and a plan, or problems that say where. */
export async function workspacesOpen(dir: string, seed: number, cases: number, config: string, examples: readonly string[], watched: Watched): Promise<void> {
  await mkdir(join(dir, 'opened'))
  await writeFile(join(dir, 'outside'), 'alive')
  const minimal = '{"providers": {"local": {"type": "ollama", "model": "m", "free": true}}, "tiers": {"a": [{"provider": "local"}]}, "budget": {"daily_usd": 5}}'
  const file = fc.constantFrom('a.md', 'a.task.md', 'a.yaml', 'a.json')
  await fc.assert(
    fc.asyncProperty(mutated([config, config, minimal]), mutated(examples), file, async (bytes, task, name) => {
      const done = watched.begin(`workspaces: ${JSON.stringify([bytes.toString('latin1'), task.toString('latin1')])}`)
      const opened = await openWorkspace(join(dir, 'opened'), {}, { OPENAI_API_KEY: 'k' }, { text: bytes.toString('utf8') })
      if ('problems' in opened) {
        assert.ok(opened.problems.length > 0)
        for (const { message } of opened.problems) assert.ok(message.length > 5, JSON.stringify(opened.problems))
      }
      const workspace = 'problems' in opened ? await openWorkspace(join(dir, 'opened'), {}, {}, 'ignored') : opened
      if ('problems' in workspace) throw new Error('the defaults are refused')
      await writeFile(join(dir, 'opened', name), task)
      const loading = await loadPlan(workspace, [join(dir, 'opened', name)], {})
      const problems = loading.result === 'broken' ? loading.problems : validateHere(workspace, loading.loaded.plan)
      if (loading.result === 'broken') assert.ok(problems.length > 0)
      for (const { message } of problems) assert.ok(message.length > 10)
      done()
    }),
    { seed, numRuns: cases },
  )
  assert.deepEqual([...(await filesBelow(dir)).keys()].filter((path) => !path.startsWith('opened') && !path.startsWith('workspace') && !/^canary$|^outside$/.test(path)), [])
}
