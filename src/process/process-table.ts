import { closeSync, openSync, readdirSync, readSync } from 'node:fs'

/*
 * Linux's table of processes; elsewhere there are none in it. Nothing here waits for a disk: read at once,
 * an entry costs some 7 microseconds, a quarter of what the detour over the thread pool costs.
 */

/** A process that is told apart from a later one with the same pid by when it began. */
export type Known = { pid: number; began: string }

/**
 * The processes that carry a variable in their environment, by its value, but for ours. A zombie has no environment any
 * more, and a process that belongs to somebody else does not show it.
 */
export function processesBy(name: string): Map<string, number[]> {
  const found = new Map<string, number[]>()
  eachProcess((pid) => {
    const value = pid === process.pid ? undefined : valueIn(contentOf(`/proc/${pid}/environ`), name)
    if (value !== undefined) found.set(value, [...(found.get(value) ?? []), pid])
    return undefined
  })
  return found
}

/** The value of a variable in an environment as proc_pid_environ(5) has it. */
function valueIn(environment: Buffer, name: string): string | undefined {
  const begin = `${name}=`
  // Most have none: these are not taken apart.
  if (!environment.includes(begin)) return undefined
  return environment.toString().split('\0').find((variable) => variable.startsWith(begin))?.slice(begin.length)
}

/** Taken again for each file: a file of /proc does not say how long it is, and a room of its own for each is most of what it costs to read it. */
let room = Buffer.alloc(64 * 1024)

/** What a file of /proc holds; it is true until the next is read. */
function contentOf(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    let length = 0
    for (;;) {
      const read = readSync(file, room, length, room.length - length, null)
      if (read === 0) return room.subarray(0, length)
      length += read
      if (length === room.length) room = Buffer.concat([room], 2 * room.length)
    }
  } finally {
    closeSync(file)
  }
}

/** Everything that descends from `pid` and has left the process group that it leads. */
export function descendantsOutside(pid: number): Known[] {
  const all = eachProcess(readStat)
  const found: Stat[] = []
  let generation = [pid]
  while (generation.length > 0) {
    const children = all.filter(({ parent }) => generation.includes(parent))
    found.push(...children)
    generation = children.map((child) => child.pid)
  }
  return found.filter(({ group }) => group !== pid)
}

/** Those that still run; zombies do not. */
export function stillRunning(known: readonly Known[]): number[] {
  return known.flatMap(({ pid, began }) => {
    const now = unlessGone(() => readStat(pid))
    return now !== undefined && now.began === began && now.state !== 'Z' ? [pid] : []
  })
}

type Stat = Known & { state: string; parent: number; group: number }

/** proc_pid_stat(5). The second field is a name in brackets, which may hold anything, brackets too. */
function readStat(pid: number): Stat {
  const text = contentOf(`/proc/${pid}/stat`).toString('latin1')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state = '', parent = '', group = ''] = fields
  return { pid, state, parent: Number(parent), group: Number(group), began: fields[19] ?? '' }
}

function eachProcess<Found>(look: (pid: number) => Found | undefined): Found[] {
  const pids = (unlessGone(() => readdirSync('/proc')) ?? []).map(Number).filter(Number.isInteger)
  return pids.map((pid) => unlessGone(() => look(pid))).filter((found) => found !== undefined)
}

/** A process may end while it is looked at, and one that is not ours may not be looked at. */
function unlessGone<Found>(look: () => Found): Found | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
