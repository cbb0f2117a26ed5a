import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished, vi } from 'vitest'
import { signalAll } from '../../src/process/leftovers.ts'
import { tempDir } from '../temp-dir.ts'
import { isRunning } from './is-running.ts'

const CONDUCTOR = fileURLToPath(new URL('conductor.ts', import.meta.url))
const TSX = import.meta.resolve('tsx')
const PATIENCE = { timeout: 10_000 }

/** A conductor in a process group of its own that runs commands in a folder. */
async function conduct(...commands: string[]): Promise<{ conductor: ChildProcess; pid: number; dir: string }> {
  const dir = await tempDir()
  // What it cannot remove when it is killed is removed with the folder.
  const env = { ...process.env, TMPDIR: dir }
  const conductor = spawn(process.execPath, ['--import', TSX, CONDUCTOR, ...commands], { cwd: dir, env, detached: true, stdio: 'inherit' })
  onTestFinished(() => void conductor.kill('SIGKILL'))
  return { conductor, pid: conductor.pid ?? 0, dir }
}

/** The words that the commands wrote to a file, once there are so many. */
async function words(dir: string, file: string, count: number): Promise<string[]> {
  const read = async () => (await readFile(join(dir, file), 'utf8').catch(() => '')).split('\n').filter((word) => word !== '')
  await vi.waitFor(async () => expect(await read()).toHaveLength(count), PATIENCE)
  return read()
}

const gone = (pids: readonly string[]) => vi.waitFor(() => expect(pids.map(Number).filter(isRunning)).toEqual([]), PATIENCE)

/** The guard of the conductor whose programs carry a mark. */
function guardsOf(mark: string): string[] {
  const id = mark.replace(/-\d+$/, '')
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n')
  return lines.filter((line) => line.includes(`tutti-guard ${id}`)).map((line) => line.trim().split(' ')[0] ?? '')
}

const DEAF = `trap '' TERM; while :; do sleep 0.05; done`

it('ends the process group of every program when its conductor is killed', async () => {
  // The child does not carry the mark, so that only its group tells whose it is.
  const family = 'env -i /bin/sleep 100 & echo $! >> pids; echo $$ >> pids; wait'
  const { conductor, dir } = await conduct(family, `echo $$ >> pids; ${DEAF}`)
  const pids = await words(dir, 'pids', 3)
  expect(pids.map(Number).filter(isRunning)).toHaveLength(3)
  conductor.kill('SIGKILL')
  await gone(pids)
})

it('ends them when the whole group of the conductor is killed', async () => {
  const { pid, dir } = await conduct('echo $$ >> pids; sleep 100')
  const pids = await words(dir, 'pids', 1)
  process.kill(-pid, 'SIGKILL')
  await gone(pids)
})

it.runIf(process.platform === 'linux')('ends what has left its group for a session of its own, with or without ears for TERM', async () => {
  const leave = (script: string) => `setsid /bin/sh -c "echo \\$\\$ >> pids; ${script}" & wait`
  const { conductor, dir } = await conduct(leave('exec sleep 100'), leave(DEAF))
  const pids = await words(dir, 'pids', 2)
  conductor.kill('SIGKILL')
  await gone(pids)
})

it.runIf(process.platform === 'linux')('ends what has left its group and its environment too, while its parents live, whatever they are called', async () => {
  const dir = await tempDir()
  const odd = join(dir, `x) S 1 (\ny`)
  await symlink('/bin/sh', odd)
  const leave = (shell: string, script: string) => `setsid env -i "${shell}" -c "echo \\$\\$ >> pids; ${script}" & wait`
  const further = leave(odd, 'setsid sleep 100 & echo \\$! >> pids; wait')
  const { conductor, dir: at } = await conduct(leave('/bin/sh', 'exec sleep 100'), leave('/bin/sh', DEAF), further)
  const pids = await words(at, 'pids', 4)
  onTestFinished(() => signalAll(pids.map(Number), 'SIGKILL'))
  expect(pids.map(Number).filter(isRunning)).toHaveLength(4)
  conductor.kill('SIGKILL')
  await gone(pids)
})

it('is one for all programs of a conductor, and ends with it', async () => {
  const { conductor, dir } = await conduct(...Array.from({ length: 5 }, () => 'echo $TUTTI_MARK >> marks; until [ -e go ]; do sleep 0.02; done'))
  const [mark = ''] = await words(dir, 'marks', 5)
  const guards = guardsOf(mark)
  expect(guards).toHaveLength(1)
  execFileSync('touch', [join(dir, 'go')])
  const [code] = (await once(conductor, 'exit')) as [number | null]
  expect(code).toBe(0)
  await gone(guards)
})

it('leaves alone what another conductor runs', async () => {
  const one = await conduct('echo $$ >> pids; sleep 100')
  const other = await conduct('echo $$ >> pids; sleep 100')
  const ended = await words(one.dir, 'pids', 1)
  const others = await words(other.dir, 'pids', 1)
  one.conductor.kill('SIGKILL')
  await gone(ended)
  expect(others.map(Number).every(isRunning)).toBe(true)
  other.conductor.kill('SIGKILL')
  await gone(others)
})
