import { createRequire } from 'node:module'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { spawn as spawnPty } from '@lydell/node-pty'
import { build } from 'esbuild'
import { bundling } from '../../scripts/bundling.mjs'
import { openEmulator } from '../../test/pty/emulator.ts'

export type WorldOptions = { tasks: number; running: number; linesPerSecond: number; warmUpMs: number; measureMs: number; screen: boolean; report: string }

/** What the world says of itself. `cpu_pct`: of one core. */
export type Measured = { cpu_pct: number; loop_delay_max_ms: number; heap_growth_mb_per_min: number; spoken: number }

/** What was seen from outside beside it. */
export type Seen = Measured & { bytes_per_s: number; /** From a key to the screen that shows what it did. */ key_ms: number[] }

/** What somebody does before the screen while it is measured: opens a page by its key, moves in the queue, stops reading. */
type Does = { opens?: string; keys?: boolean; stallMs?: number }

const COLUMNS = 120
const ROWS = 40

const { spawn } = createRequire(import.meta.url)('@lydell/node-pty') as { spawn: typeof spawnPty }

/** Bundles the world as the program is bundled, and starts worlds from that. */
export async function withWorld<T>(work: (measure: (options: Omit<WorldOptions, 'report'>, does?: Does) => Promise<Seen>) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'tutti-bench-'))
  try {
    await bundle(dir)
    return await work((options, does = {}) => seen(dir, { ...options, report: join(dir, 'report.json') }, does))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function bundle(dir: string): Promise<void> {
  await build({ ...bundling('0'), entryPoints: ['bench/screen/world.ts'], outdir: dir, outExtension: { '.js': '.mjs' } })
}

async function seen(dir: string, options: WorldOptions, { opens, keys = false, stallMs = 0 }: Does): Promise<Seen> {
  const emulator = openEmulator(COLUMNS, ROWS)
  const pty = spawn(process.execPath, ['--expose-gc', join(dir, 'world.mjs'), JSON.stringify(options)], {
    name: 'xterm-256color',
    cols: COLUMNS,
    rows: ROWS,
    cwd: dir,
    env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color', LANG: 'C.UTF-8', HOME: dir, CI: 'false' },
    encoding: null,
  })
  let bytes = 0
  let wake = () => {}
  pty.onData((data: unknown) => {
    const chunk = data as Uint8Array
    bytes += chunk.length
    emulator.write(chunk)
    wake()
  })
  const ended = new Promise<void>((resolve) => pty.onExit(() => resolve()))
  const key_ms: number[] = []

  await sleep(options.warmUpMs / 2)
  if (opens !== undefined) pty.write(opens)
  await sleep(options.warmUpMs / 2)
  const begun = { bytes, at: performance.now() }
  const until = begun.at + options.measureMs
  if (stallMs > 0) {
    pty.pause()
    await sleep(stallMs)
    pty.resume()
  }
  for (let i = 0; keys && performance.now() < until - 500; i++) {
    const before = selectedRow()
    const pressed = performance.now()
    pty.write(i % 20 < 10 ? 'j' : 'k')
    while (selectedRow() === before && performance.now() - pressed < 1000) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 50)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      await emulator.settled()
    }
    key_ms.push(performance.now() - pressed)
    await sleep(80 + (i % 7) * 10)
  }
  await sleep(Math.max(0, until - performance.now()))
  const bytes_per_s = (bytes - begun.bytes) / ((performance.now() - begun.at) / 1000)
  await ended
  emulator.dispose()
  const measured = JSON.parse(await readFile(options.report, 'utf8')) as Measured
  return { ...measured, bytes_per_s, key_ms }

  /** The selected task, as the queue shows it. */
  function selectedRow(): string {
    const screen = emulator.screen()
    const queue = screen.findIndex((line) => line.includes('queue ·'))
    const y = screen.findIndex((_, row) => row > queue && emulator.cell(6, row).inverse)
    return screen[y]?.split(/\s+/)[2] ?? ''
  }
}
