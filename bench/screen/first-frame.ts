import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { spawn as spawnPty } from '@lydell/node-pty'

const PAIRS = 15
const { spawn } = createRequire(import.meta.url)('@lydell/node-pty') as { spawn: typeof spawnPty }

/** From the start of `tutti watch` to the last row of its first frame, beside `node -e 0` from start to end, in turns. */
export async function firstFrames(): Promise<{ first_ms: number[]; node_ms: number[] }> {
  const dir = await mkdtemp(join(tmpdir(), 'tutti-bench-'))
  try {
    await writeFile(join(dir, 'config.json'), '{}')
    const first_ms: number[] = []
    const node_ms: number[] = []
    for (let pair = 0; pair < PAIRS; pair++) {
      first_ms.push(await until(dir, [resolve('dist/main.js'), 'watch'], 'quit'))
      node_ms.push(await until(dir, ['-e', '0'], undefined))
    }
    return { first_ms, node_ms }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** Milliseconds until the program has written a text, or has ended. */
function until(cwd: string, args: string[], text: string | undefined): Promise<number> {
  return new Promise((done) => {
    const begun = performance.now()
    const pty = spawn(process.execPath, args, { name: 'xterm-256color', cols: 120, rows: 40, cwd, env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color', LANG: 'C.UTF-8', HOME: cwd, CI: 'false' } })
    let took: number | undefined
    let output = ''
    pty.onData((data) => {
      output += data
      if (text === undefined || took !== undefined || !output.includes(text)) return
      took = performance.now() - begun
      pty.kill('SIGTERM')
    })
    pty.onExit(() => done(took ?? performance.now() - begun))
  })
}
