import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'

/**
 * Bytes that the path of a Unix socket may have: what the kernel has room for (sockaddr_un), its last zero taken off.
 * A longer one is cut off in silence by some versions of Node.
 */
export const LONGEST_SOCKET_PATH = process.platform === 'linux' ? 107 : 103

/** Where the conductor of a workspace listens, where its own path is short enough. @param runs the workspace's `runs/`, absolute */
export function socketPath(runs: string): string {
  return join(runs, 'control.sock')
}

/** What says where it listens otherwise. */
export function socketNote(runs: string): string {
  return join(runs, 'control.json')
}

export const SocketNote = z.object({ socket: z.string().startsWith('/'), pid: z.number().int().positive() })
export type SocketNote = z.infer<typeof SocketNote>

/** Where the conductor of a workspace listens, if one does; whether it is still there is told by who answers. */
export async function socketOf(runs: string): Promise<string> {
  const usual = socketPath(runs)
  if (Buffer.byteLength(usual) <= LONGEST_SOCKET_PATH) return usual
  try {
    return SocketNote.parse(JSON.parse(await readFile(socketNote(runs), 'utf8'))).socket
  } catch {
    return usual
  }
}
