// A conductor for the tests that kill one: it runs a task and then waits for a person.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadPlan } from '../../src/app/plans.ts'
import { startRun } from '../../src/app/run.ts'
import { openWorkspace } from '../../src/app/workspace.ts'

const [dir = ''] = process.argv.slice(2)
const opened = await openWorkspace(dir, {}, process.env)
if ('problems' in opened) throw new Error(JSON.stringify(opened.problems))
const workspace = { ...opened, settings: { ...opened.settings, when_held: 'stay' as const } }
const path = join(dir, 'plan.yaml')
await writeFile(path, 'tasks:\n  - { id: build, command: "true" }\n  - { id: deploy, command: "true", requires_approval: true, depends_on: [build] }\n')
const loading = await loadPlan(workspace, [path], {})
if (loading.result === 'broken') throw new Error(JSON.stringify(loading.problems))
const run = await startRun(workspace, loading.loaded, [])
await run.finished
