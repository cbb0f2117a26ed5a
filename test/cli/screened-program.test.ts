import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { NO_PTY, startInPty, type PtyTerminal } from '../pty/terminal.ts'
import { tempDir } from '../temp-dir.ts'

const WAIT = { timeout: 20_000, interval: 20 }
const EXIT_MS = 20_000
/** The program with a screen that shows nothing. */
const PROGRAM = fileURLToPath(new URL('screened-program.ts', import.meta.url))
const BLOCKED = '"until test -e go; do sleep 0.02; done"'

/** A workspace with a plan of one task that waits for a file, and the program in a terminal there. */
async function workspaceOnTerminal() {
  const dir = await tempDir()
  const path = (name: string) => join(dir, name)
  await writeFile(path('plan.yaml'), `tasks:\n  - { id: slow, command: ${BLOCKED} }\n`)
  await writeFile(path('journal'), '')
  const journal = async () => (await readFile(path('journal'), 'utf8')).trimEnd().split('\n')
  const start = (args: string[], env: Record<string, string> = {}): PtyTerminal =>
    startInPty([process.execPath, '--import', import.meta.resolve('tsx'), PROGRAM, ...args], { columns: 100, cwd: dir, env: { JOURNAL: path('journal'), ...env } })
  return { dir, path, journal, start, go: () => writeFile(path('go'), ''), until: (line: string) => expect.poll(journal, WAIT).toContain(line) }
}

describe.skipIf(NO_PTY !== undefined)('on a terminal', () => {
  it('run opens the screen, is left by q with 4, and resume opens it again and closes it at the end', async () => {
    const { start, journal, until, go } = await workspaceOnTerminal()
    const run = start(['run', 'plan.yaml'])
    await until('show live')
    expect(run.screen().join('').trim()).toBe('')
    run.keys('q')
    expect(await run.exit(EXIT_MS)).toMatchObject({ code: 4 })
    expect((await journal()).slice(-2)).toEqual(['run.stopped', 'close'])
    expect(run.screen().join('\n')).toContain('go on with tutti resume')
    await go()
    const resumed = start(['resume'])
    expect(await resumed.exit(EXIT_MS)).toMatchObject({ code: 0 })
    expect((await journal()).slice(-2)).toEqual(['run.closed', 'close'])
    expect(resumed.screen().join('\n')).toContain('1 complete')
  })

  it('a second signal does not keep it from ending what runs', async () => {
    const { start, until } = await workspaceOnTerminal()
    const run = start(['run', 'plan.yaml'])
    await until('show live')
    run.signal('SIGTERM')
    await until('run.stopping')
    run.signal('SIGTERM')
    expect(await run.exit(EXIT_MS)).toMatchObject({ code: 143 })
  })

  it('without a command a workspace is watched', async () => {
    const { start, path, until, go, dir } = await workspaceOnTerminal()
    await go()
    await start(['run', 'plan.yaml', '--no-tui']).exit(EXIT_MS)
    await mkdir(join(dir, 'tasks'))
    const watch = start([])
    await until('open: watching tasks/')
    await writeFile(path('tasks/one.md'), '---\ncommand: "true"\n---\n')
    await until('run.closed')
    watch.keys('q')
    expect(await watch.exit(EXIT_MS)).toMatchObject({ code: 0 })
  })

  it('a run is replayed, and left by q with 0', async () => {
    const { start, until, journal, go } = await workspaceOnTerminal()
    await go()
    await start(['run', 'plan.yaml', '--no-tui']).exit(EXIT_MS)
    const replay = start(['replay', '--speed', '100'])
    await until('run.closed')
    replay.keys('q')
    expect(await replay.exit(EXIT_MS)).toMatchObject({ code: 0 })
    expect((await journal()).filter((line) => line === 'attempt.started')).toHaveLength(1)
    expect(await journal()).toContain('show replayed')
  })

  it('on a dumb one lines are written instead, and that is said', async () => {
    const { start, go, journal } = await workspaceOnTerminal()
    await go()
    const run = start(['run', 'plan.yaml'], { TERM: 'dumb' })
    expect(await run.exit(EXIT_MS)).toMatchObject({ code: 0 })
    expect(run.screen().join('\n')).toContain('no full-screen page here: a terminal of the type "dumb" cannot show it')
    expect(await journal()).toEqual([''])
  })
})
