import { lstatSync } from 'node:fs'
import { chmod, mkdtemp, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LONGEST_SOCKET_PATH, socketNote, socketPath, type SocketNote } from '../app/control-socket.ts'

/** A socket that a server listens on. */
export type PrivateSocket = {
  /** Absolute. */
  path: string
  /** Takes it away, if it is still this one: another conductor may have put its own in its place. */
  remove: () => Promise<void>
}

/**
 * Listens on the workspace's Unix socket. It is made in a folder that nobody else may enter, gets its mode there, and is
 * then moved to its place: there is no moment in which somebody else could connect, and what a dead conductor left there
 * is gone in the same step. (A umask for that moment would hold for whatever else the process just writes.)
 *
 * Where the workspace lies too deep for the path of a socket, it stays in that folder, below the system's for temporary
 * files, and `runs/control.json` says where.
 * @param runs the workspace's `runs/`, absolute
 */
export async function listenPrivately(server: Server, runs: string): Promise<PrivateSocket> {
  const usual = socketPath(runs)
  const isNear = Buffer.byteLength(usual) <= LONGEST_SOCKET_PATH
  const folder = await mkdtemp(isNear ? join(runs, '.c-') : join(tmpdir(), 'tutti-'))
  const made = join(folder, 's')
  try {
    await listen(server, made)
    await chmod(made, 0o600)
    if (!isNear) return await noted(runs, folder, made)
    await rename(made, usual)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  await rmdir(folder)
  const own = inodeOf(usual)
  return {
    path: usual,
    remove: async () => {
      if (own !== undefined && inodeOf(usual) === own) await rm(usual, { force: true }).catch(leftThere)
    },
  }
}

async function noted(runs: string, folder: string, path: string): Promise<PrivateSocket> {
  const note: SocketNote = { socket: path, pid: process.pid }
  await writeFile(socketNote(runs), `${JSON.stringify(note)}\n`, { mode: 0o600 })
  const own = inodeOf(socketNote(runs))
  return {
    path,
    remove: async () => {
      await rm(folder, { recursive: true, force: true }).catch(leftThere)
      if (own !== undefined && inodeOf(socketNote(runs)) === own) await rm(socketNote(runs), { force: true }).catch(leftThere)
    },
  }
}

/** A socket that nobody listens to keeps nobody out: the next conductor takes its place. */
function leftThere(): void {}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ path }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function inodeOf(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.ino
}
