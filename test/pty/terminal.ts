import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import type { IPty, spawn as spawnPty } from '@lydell/node-pty'
import { onTestFinished } from 'vitest'
import { openEmulator, type Cell, type Emulator, type Modes } from './emulator.ts'

/** What a program came to: its exit code, or the signal that ended it. */
type PtyExit = { code: number; signal: number }

/** A program in a terminal, as a person has it before them. */
export type PtyTerminal = {
  pid: number
  /** The lines of the screen, without the blanks at their ends. */
  screen: () => string[]
  cell: (x: number, y: number) => Cell
  modes: () => Modes
  alerts: Emulator['alerts']
  /** Waits until the screen is as wanted; otherwise it fails, and shows the screen as it was. */
  until: (isThere: (screen: string[]) => boolean, ms?: number) => Promise<string[]>
  /** Types: `keys('jj')`, `keys('\r')`. */
  keys: (input: string) => void
  resize: (columns: number, rows: number) => void
  signal: (name: NodeJS.Signals) => void
  /** Takes the terminal away, as a line that drops does. */
  hangUp: () => void
  /** Stops reading what the program writes, and goes on with it. */
  stall: () => void
  readOn: () => void
  /** Bytes that were read from the program. */
  bytes: () => number
  /** Waits for the end of the program. */
  exit: (ms?: number) => Promise<PtyExit>
  /** Whether keys reach the program one by one and unseen (no line editing, no echo, no signals). */
  isRaw: () => boolean
}

export type PtyOptions = {
  columns?: number
  rows?: number
  cwd?: string
  env?: Record<string, string>
  /** Whether `isRaw` is asked when the program has ended: the end is then told 200 ms late. */
  outlived?: boolean
}

const require = createRequire(import.meta.url)

/** Why there can be no pty here; `undefined` where there can: `describe.skipIf(NO_PTY !== undefined)`. */
export const NO_PTY: string | undefined = whyNoPty()

function whyNoPty(): string | undefined {
  if (process.platform === 'win32') return 'the tests of the screen need a Unix terminal'
  try {
    require('@lydell/node-pty')
    return undefined
  } catch {
    return `@lydell/node-pty has no binary for ${process.platform}-${process.arch}`
  }
}

/** What the package does beyond its types. */
type UnixPty = IPty & { ptsName: string; destroy: () => void; _socket: Socket }

/** Nothing of the developer's own terminal may choose how the program looks. */
const ENV = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', TZ: 'UTC', LANG: 'C.UTF-8', TERM: 'xterm-256color', CI: 'false' }

/** Starts a program in a terminal of its own; it is killed when the test has ended. */
export function startInPty([program = '', ...args]: readonly string[], options: PtyOptions = {}): PtyTerminal {
  const { columns = 80, rows = 24, cwd = process.cwd(), env = {}, outlived = false } = options
  const emulator = openEmulator(columns, rows)
  const { spawn } = require('@lydell/node-pty') as { spawn: typeof spawnPty }
  const pty = spawn(program, args, {
    name: env['TERM'] ?? ENV.TERM,
    cols: columns,
    rows,
    cwd,
    env: { ...ENV, ...env },
    encoding: null,
  }) as UnixPty
  const openDevice = () => openSync(pty.ptsName, constants.O_RDWR | constants.O_NOCTTY)
  let wasRaw: boolean | undefined
  // While somebody holds the terminal, the package waits for a moment before it closes its own end.
  const held = outlived ? openDevice() : undefined
  const { _socket: socket } = pty
  const destroy = socket.destroy.bind(socket)
  socket.destroy = () => {
    // What the program said last is read first, however late we are.
    setImmediate(() => {
      if (held !== undefined) {
        wasRaw = isRaw(held)
        closeSync(held)
      }
      destroy()
    })
    return socket
  }

  let bytes = 0
  let ended: PtyExit | undefined
  const wakers = new Set<() => void>()
  const wake = () => [...wakers].forEach((call) => call())
  // Without an encoding the package hands on bytes, whatever its types say.
  pty.onData((data: unknown) => {
    const chunk = data as Uint8Array
    bytes += chunk.length
    emulator.write(chunk)
    wake()
  })
  pty.onExit(({ exitCode, signal = 0 }) => {
    ended = { code: exitCode, signal }
    wake()
  })
  onTestFinished(async () => {
    if (ended === undefined) pty.kill('SIGKILL')
    await waitFor(() => ended !== undefined, 2000)
    emulator.dispose()
  })

  /** @returns whether it came true within the time */
  async function waitFor(isSo: () => boolean, ms: number): Promise<boolean> {
    const deadline = performance.now() + ms
    for (;;) {
      await emulator.settled()
      if (isSo()) return true
      const left = deadline - performance.now()
      if (left <= 0) return false
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, left)
        function done() {
          clearTimeout(timer)
          wakers.delete(done)
          resolve()
        }
        wakers.add(done)
      })
    }
  }

  const describeScreen = () => `${ended === undefined ? 'the program runs' : `the program has ended: ${JSON.stringify(ended)}`}; the screen:\n${emulator.screen().join('\n')}`

  return {
    pid: pty.pid,
    screen: emulator.screen,
    cell: emulator.cell,
    modes: emulator.modes,
    alerts: emulator.alerts,
    until: async (isThere, ms = 5000) => {
      await waitFor(() => isThere(emulator.screen()) || ended !== undefined, ms)
      if (!isThere(emulator.screen())) throw new Error(`waited in vain for a screen; ${describeScreen()}`)
      return emulator.screen()
    },
    keys: (input) => pty.write(input),
    resize: (columns, rows) => {
      emulator.resize(columns, rows)
      pty.resize(columns, rows)
    },
    signal: (name) => void process.kill(pty.pid, name),
    hangUp: () => pty.destroy(),
    stall: () => pty.pause(),
    readOn: () => pty.resume(),
    bytes: () => bytes,
    exit: async (ms = 5000) => {
      await waitFor(() => ended !== undefined, ms)
      if (ended === undefined) throw new Error(`waited in vain for the end; ${describeScreen()}`)
      // Its last words may have come while we looked.
      await emulator.settled()
      return ended
    },
    isRaw: () => {
      if (wasRaw !== undefined) return wasRaw
      const device = openDevice()
      try {
        return isRaw(device)
      } finally {
        closeSync(device)
      }
    },
  }
}

function isRaw(device: number): boolean {
  const settings = execFileSync('stty', ['-a'], { stdio: [device, 'pipe', 'inherit'], encoding: 'utf8' })
  return ['icanon', 'echo', 'isig'].every((name) => settings.includes(` -${name} `) || settings.includes(`\n-${name} `))
}
