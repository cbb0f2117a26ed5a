import { join, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { testWorkspace, type TestWorkspace } from './workspace.ts'

const REASON = 'nothing of this can be done before the moon is full and the tide is low, which is a matter of weeks; what to do next: wait'

/** What the program shows on a terminal of so many columns, line by line. */
async function onTerminal({ dir, write }: TestWorkspace, columns: number, args: string): Promise<string[]> {
  await write('on-terminal.sh', `stty cols ${columns} rows 24\nexec ${process.execPath} ${resolve('dist/main.js')} ${args}\n`)
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', TZ: 'UTC', LANG: 'C.UTF-8', TERM: 'xterm' }
  const { stdout } = await execa('script', ['-qec', `sh ${join(dir, 'on-terminal.sh')}`, '/dev/null'], { cwd: dir, reject: false, stdin: 'ignore', extendEnv: false, env })
  // The line of progress is taken away before anything else is said.
  return stdout.split(/\r*\n/).map((line) => stripVTControlCharacters(line.slice(line.lastIndexOf('\r') + 1)))
}

/** A run with a task that says at length why it failed, and one that does not know what it costs. */
async function workspaceOf() {
  const workspace = await testWorkspace({
    project: 'a-project-with-quite-a-long-name',
    providers: { own: { type: 'rehearsal', latency_ms: 0, price_usd: 0.001 }, paid: { type: 'openai', base_url: 'http://127.0.0.1:9/v1', model: 'a-model' } },
    tiers: { local: [{ provider: 'own' }] },
    budget: { daily_usd: 5, per_run_usd: 1 },
  })
  await workspace.write('plan.yaml', `tasks:\n  - { id: a-task-with-a-long-name, command: "echo '${REASON}' >&2; exit 3" }\n  - { id: held, prompt: Hello, provider: paid }\n  - { id: done, prompt: Hello }\n`)
  return workspace
}

/** Lines that belong together are one: what goes on stands further in. */
const rejoined = (lines: readonly string[]) => lines.join('\n').replaceAll(/\n {2,}/g, ' ')

describe.skipIf(process.platform !== 'linux').each([80, 200])('on a terminal of %i columns', (columns) => {
  it('lines go on below themselves at words, and nothing is cut', async () => {
    const workspace = await workspaceOf()
    const run = await onTerminal(workspace, columns, 'run plan.yaml --no-tui')
    expect(rejoined(run).match(new RegExp(REASON, 'g'))).toHaveLength(2)
    for (const args of ['status', 'show']) expect(rejoined(await onTerminal(workspace, columns, args))).toContain(REASON)
    const all = [run]
    for (const args of ['status', 'show', 'cost', 'cost --by task', 'budget', 'cache', 'doctor', 'run plan.yaml --dry-run', '--help']) all.push(await onTerminal(workspace, columns, args))
    // A path alone may be longer: it can be copied whole.
    expect(all.flat().filter((line) => line.length > columns && line.trim().includes(' '))).toEqual([])
  })
})

it('where there is no terminal, a line is a line', async () => {
  const workspace = await workspaceOf()
  const { stdout } = await workspace.tutti(['run', 'plan.yaml', '--no-tui'])
  expect(stdout.split('\n').filter((line) => line.endsWith(`exit code 3: ${REASON}`))).toHaveLength(2)
  expect((await workspace.tutti(['show'])).stdout).toContain(`exit code 3: ${REASON}\n`)
})

it('a run that is held says how it goes on, and before it that it will be', async () => {
  const workspace = await workspaceOf()
  const { stdout, stderr } = await workspace.tutti(['run', 'plan.yaml', '--no-tui'])
  expect(stderr.match(/^warning: config\.json: the price of a-model on paid is not known: .*; until then its tasks will be held$/gm)).toHaveLength(1)
  const { id } = await workspace.run()
  expect(stdout).toContain(`tutti resume ${id} (once config.json allows it, or another day has begun)`)
  expect(await workspace.tutti(['validate', 'plan.yaml'])).toMatchObject({ code: 0, stdout: '3 tasks in 1 file: no error, 1 warning', stderr })
})
