import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { execa } from 'execa'

/** File systems that nobody else sees, and that go away with whoever has made them. */
export type Mounts = {
  /** Runs a shell script where they are seen. Throws when one of its commands fails. */
  sh: (script: string) => Promise<void>
  /** What stands before a command line to have it there, in this folder. */
  within: (dir: string) => readonly string[]
  /** Their root, as this process sees it. */
  root: string
  end: () => Promise<void>
}

/** Opens a mount namespace of our own: as root, or as root of a user namespace where one may be made. @param dir any folder */
export async function openMounts(dir: string): Promise<Mounts | { skipped: string }> {
  if (process.platform !== 'linux') return { skipped: 'only Linux lets a process mount what nobody else sees' }
  const own = process.getuid?.() === 0 ? ['-m'] : ['-rm']
  // It is there as long as this process holds its stdin, so that nothing is left where we are killed.
  const holder = spawn('unshare', [...own, 'sh', '-c', 'mount -t tmpfs -o size=4k tmpfs "$0" && umount "$0" && echo ready && exec cat', dir], { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  holder.stderr.on('data', (text) => (said += String(text)))
  const ended = once(holder, 'close').catch((error: unknown) => void (said += String(error)))
  const isReady = await Promise.race([once(holder.stdout, 'data').then(() => true), ended.then(() => false)])
  const { pid } = holder
  if (!isReady || pid === undefined) return { skipped: `no file system may be mounted here (${said.trim()})` }
  const enter = ['nsenter', '--target', `${pid}`, '--mount', ...(own[0] === '-rm' ? ['--user', '--preserve-credentials'] : [])]
  const [program = '', ...args] = enter
  return {
    sh: async (script) => {
      await execa(program, [...args, 'sh', '-ec', script], { stdin: 'ignore' })
    },
    within: (dir) => [...enter, `--wdns=${dir}`],
    root: `/proc/${pid}/root`,
    end: async () => {
      holder.stdin.end()
      await ended
    },
  }
}
