import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NO_PTY, startInPty, type PtyOptions, type PtyTerminal } from '../../pty/terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'tutti-terminal-'))
const world = join(folder, 'world.mjs')
beforeAll(() => void buildSync({ entryPoints: [new URL('world.ts', import.meta.url).pathname], outfile: world, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' }))
afterAll(() => rmSync(folder, { recursive: true }))

/** What a shell has before a program runs in it, and is to have after it. */
const FOUND = { buffer: 'normal', cursor: true, wraps: true, bracketedPaste: false, synchronized: false, mouse: false, applicationCursor: false }
const TAKEN = { ...FOUND, buffer: 'alternate', cursor: false, wraps: false, bracketedPaste: true }

const start = (options: PtyOptions = {}) => startInPty([process.execPath, world], { columns: 60, rows: 10, outlived: true, ...options })
const isThere = ([first]: string[]) => first === 'the page'
const keysAre = (keys: string) => (screen: string[]) => screen[1] === `keys: ${keys}`

async function opened(options?: PtyOptions): Promise<PtyTerminal> {
  const terminal = start(options)
  await terminal.until(isThere)
  expect(terminal.modes()).toEqual(TAKEN)
  expect(terminal.isRaw()).toBe(true)
  return terminal
}

/** A terminal that nobody reads from while much is drawn. It takes some time until all buffers on the way are full. */
async function stalled(ms = 300): Promise<PtyTerminal> {
  const terminal = await opened({ columns: 200, rows: 60 })
  terminal.keys('b')
  await terminal.until((screen) => /^(.)\1{199}$/.test(screen[0] ?? ''))
  terminal.stall()
  await new Promise((resolve) => setTimeout(resolve, ms))
  return terminal
}

/** As a person finds the terminal after the program: what stood there stands there, and what they type is seen. */
function expectRestored(terminal: PtyTerminal): void {
  expect(terminal.screen()[0]).toBe('before the page')
  expect(terminal.screen().join('\n')).not.toContain('keys:')
  expect(terminal.modes()).toEqual(FOUND)
  expect(terminal.isRaw()).toBe(false)
}

describe.skipIf(NO_PTY !== undefined)(`the terminal is given back (${NO_PTY ?? 'here'})`, () => {
  it('when the page is closed, and the program may end', async () => {
    const terminal = await opened()
    terminal.keys('q')
    expect(await terminal.exit()).toEqual({ code: 0, signal: 0 })
    expectRestored(terminal)
    expect(terminal.screen().slice(1, 3)).toEqual(['closed', ''])
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('when %s comes', async (signal, code) => {
    const terminal = await opened()
    terminal.signal(signal)
    expect(await terminal.exit()).toEqual({ code, signal: 0 })
    expectRestored(terminal)
    expect(terminal.screen()[1]).toBe(`left: {"why":"signal","signal":"${signal}"}`)
  })

  it.each([
    ['an error that nobody catches', 'x', 'Error: thrown'],
    ['a rejection that nobody catches', 'r', 'Error: rejected'],
  ])('before Node tells of %s', async (_, key, told) => {
    const terminal = await opened({ columns: 120, rows: 60 })
    terminal.keys(key)
    expect(await terminal.exit()).toEqual({ code: 1, signal: 0 })
    expectRestored(terminal)
    expect(terminal.screen().join('\n')).toContain(told)
  })

  it('when the program exits somewhere', async () => {
    const terminal = await opened()
    terminal.keys('E')
    expect(await terminal.exit()).toEqual({ code: 5, signal: 0 })
    expectRestored(terminal)
  })

  it('as soon as it goes on, when it stands still', async () => {
    const terminal = await stalled()
    terminal.signal('SIGTERM')
    terminal.readOn()
    expect(await terminal.exit()).toEqual({ code: 143, signal: 0 })
    expectRestored(terminal)
  })

  it('not at all when it stands still for good: the program ends nevertheless', async () => {
    const terminal = await stalled()
    terminal.keys('E')
    expect(await terminal.exit()).toEqual({ code: 5, signal: 0 })
  })
})

describe.skipIf(NO_PTY !== undefined)('a page on a terminal', () => {
  it('ends when the terminal is gone, with the exit code of its choice', async () => {
    const terminal = start({ outlived: false })
    await terminal.until(isThere)
    terminal.hangUp()
    expect((await terminal.exit()).code).toBe(3)
  })

  it('gets keys as they are typed, and pastes as one', async () => {
    const terminal = await opened()
    terminal.keys('jj\u001b[A')
    await terminal.until(keysAre('j j up'))
    terminal.keys('\u0003\u001b[200~two\rlines\u001b[201~')
    await terminal.until((screen) => screen[1] === 'keys: j j up ctrl+c paste(two')
  })

  it('is laid out anew for each size', async () => {
    const terminal = await opened()
    for (const [columns, rows] of [[40, 12], [200, 60], [21, 3], [80, 24]] as const) {
      terminal.resize(columns, rows)
      await terminal.until((screen) => isThere(screen) && screen[2] === `size: ${columns}x${rows}`)
    }
  })

  it('is lent to an editor, and is there again after it', async () => {
    const terminal = await opened({ env: { EDITOR: `sh -c 'echo "edit $1"; stty -a | grep -q " icanon" && echo cooked; read line; echo "typed $line"; read line' sh` } })
    terminal.keys('e')
    await terminal.until((screen) => screen.includes('cooked'))
    expect(terminal.screen().slice(0, 2)).toEqual(['before the page', 'edit a file'])
    expect(terminal.modes()).toEqual(FOUND)
    terminal.keys('jq\r')
    await terminal.until((screen) => screen.includes('typed jq'))
    // What cannot be told while another program has the terminal is made up for.
    terminal.resize(50, 12)
    terminal.keys('\r')
    await terminal.until((screen) => keysAre('e edited')(screen) && screen[2] === 'size: 50x12')
    expect(terminal.modes()).toEqual(TAKEN)
    expect(terminal.isRaw()).toBe(true)
    terminal.keys('j')
    await terminal.until(keysAre('e edited j'))
  })

  it('says what went wrong with the editor', async () => {
    const terminal = await opened({ env: { EDITOR: 'exit 4; ' } })
    terminal.keys('e')
    await terminal.until(keysAre('e exit 4;  ended with exit code 4'))
  })

  it('leaves Ctrl+C in the editor to the editor', async () => {
    const terminal = await opened({ columns: 200, env: { EDITOR: `sh -c 'trap "echo interrupted" INT; echo ready; read line; read line' sh` } })
    terminal.keys('e')
    await terminal.until((screen) => screen.includes('ready'))
    terminal.keys('\u0003')
    await terminal.until((screen) => screen.some((line) => line.includes('interrupted')))
    terminal.keys('\r')
    await terminal.until(keysAre('e edited'))
  })

  it('goes to the background of its shell, and comes back', async () => {
    const terminal = startInPty(['/bin/bash', '--norc', '--noprofile', '-i'], { columns: 60, rows: 10, env: { PS1: '$ ', WORLD: world, NODE: process.execPath } })
    await terminal.until(([first = '']) => first.startsWith('$'))
    terminal.keys('"$NODE" "$WORLD"\r')
    await terminal.until(isThere)
    terminal.keys('j\u001a')
    await terminal.until((screen) => screen.some((line) => line.includes('Stopped')))
    expect(terminal.modes()).toMatchObject({ buffer: 'normal', cursor: true, wraps: true })
    terminal.keys('fg\r')
    await terminal.until(keysAre('j ctrl+z'))
    expect(terminal.modes()).toEqual(TAKEN)
    terminal.keys('k\u001a')
    await terminal.until((screen) => screen.filter((line) => line.includes('Stopped')).length === 2)
    terminal.keys('fg\r')
    await terminal.until(keysAre('j ctrl+z k ctrl+z'))
    terminal.keys('q')
    await terminal.until((screen) => screen.includes('closed'))
    terminal.keys('exit\r')
    expect((await terminal.exit()).code).toBe(0)
  })

  it('stays where no shell could bring it back', async () => {
    const terminal = await opened()
    terminal.keys('\u001a')
    await terminal.until(keysAre('ctrl+z'))
    terminal.keys('j')
    await terminal.until(keysAre('ctrl+z j'))
    expect(terminal.modes()).toEqual(TAKEN)
    expect(terminal.isRaw()).toBe(true)
  })

  it('holds up nothing while the terminal stands still', async () => {
    const terminal = await stalled(1000)
    terminal.keys('s')
    terminal.readOn()
    const [, told = ''] = await terminal.until((screen) => screen[1]?.includes('late by') === true)
    // Blocked, it would be a second; on an idle machine it is below 20 ms.
    expect(Number(/late by (\d+) ms/.exec(told)?.[1])).toBeLessThan(400)
  })
})
