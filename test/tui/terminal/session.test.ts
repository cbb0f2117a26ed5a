import { PassThrough } from 'node:stream'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { copying } from '../../../src/tui/terminal/clipboard.ts'
import { Presenter } from '../../../src/tui/terminal/presenter.ts'
import { takeTerminal } from '../../../src/tui/terminal/session.ts'
import { openEmulator } from '../../pty/emulator.ts'

const TIMERS = { toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] as const }

beforeEach(() => void vi.useFakeTimers({ toFake: [...TIMERS.toFake] }))
afterEach(() => void vi.useRealTimers())

const SIZE = { columns: 30, rows: 4 }

/** A terminal that takes so many bytes of the page, and all that is said to it. */
function sessionOn(takes = 1e9) {
  const written: Uint8Array[] = []
  let room = takes
  let isGone = false
  const modes: boolean[] = []
  const stdin = Object.assign(new PassThrough(), {
    setRawMode: (isOn: boolean) => {
      modes.push(isOn)
      if (isGone) stdin.emit('error', new Error('setRawMode EIO'))
    },
  })
  const presenter = new Presenter({
    size: () => SIZE,
    take: (bytes) => {
      if (isGone) throw new Error('write EIO')
      const taken = Math.min(bytes.length, room)
      room -= taken
      written.push(bytes.slice(0, taken))
      return taken
    },
    onGone: () => session.lose(),
  })
  let isStalled = false
  const device = {
    take: () => 0,
    insist: (text: string) => void written.push(Buffer.from(text)),
    say: (text: string) => {
      if (isGone) return 'gone' as const
      if (isStalled) return 'stalled' as const
      written.push(Buffer.from(text))
      return 'said' as const
    },
  }
  const keys: string[] = []
  const session = takeTerminal({ device, page: presenter, stdin: stdin as unknown as NodeJS.ReadStream, onKey: (key) => keys.push('name' in key ? key.name : key.paste) })
  const text = () => Buffer.concat(written).toString()
  return { session, presenter, stdin, keys, modes, text, written, vanish: () => (isGone = true), stall: () => (isStalled = true) }
}

const gives = (text: string) => text.split('\u001b[?1049l').length - 1

describe('a session', () => {
  it('leaves a terminal as it was that takes nothing when a signal comes: that waits until the end', async () => {
    const { session, text, stall } = sessionOn()
    stall()
    process.emit('SIGTERM')
    expect(await session.left).toEqual({ why: 'signal', signal: 'SIGTERM' })
    expect(gives(text())).toBe(0)
    session.close()
    session.close()
    expect(gives(text())).toBe(1)
  })

  it('leaves the terminal as it was, wherever in a frame it is cut off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(600), fc.boolean(), async (takes, copies) => {
        vi.useFakeTimers({ toFake: [...TIMERS.toFake] })
        const { session, presenter, written } = sessionOn(takes)
        presenter.write(['\u001b[1;31mred\u001b[0m 漢字 …', 'x'.repeat(30), '\u001b[7mlast\u001b[0m'].join('\n'))
        if (copies) presenter.send((copying('a text', { via: 'tmux' }) as { sequence: string }).sequence)
        vi.advanceTimersByTime(500)
        session.close()
        vi.useRealTimers()
        const emulator = openEmulator(SIZE.columns, SIZE.rows)
        emulator.write('$ tutti\r\n')
        for (const bytes of written) emulator.write(bytes)
        emulator.write('done')
        await emulator.settled()
        // Where not even the page was taken, it could not keep where the cursor was.
        const isTaken = takes >= '\u001b[?1049h'.length
        if (isTaken) expect(emulator.screen()).toEqual(['$ tutti', 'done', '', ''])
        expect(emulator.cell(0, isTaken ? 1 : 0)).toMatchObject({ fg: 'default', bold: false, inverse: false })
        expect(emulator.modes()).toEqual({ buffer: 'normal', cursor: true, wraps: true, bracketedPaste: false, synchronized: false, mouse: false, applicationCursor: false })
        emulator.dispose()
      }),
      { numRuns: 100 },
    )
  })

  it('gives the terminal back once, and leaves no listener behind', () => {
    const before = process.eventNames().map((name) => [name, process.listenerCount(name)])
    const { session, modes, text } = sessionOn()
    session.close()
    session.close()
    session.lose()
    process.emit('SIGTERM')
    expect(gives(text())).toBe(1)
    expect(modes).toEqual([true, false])
    expect(process.eventNames().map((name) => [name, process.listenerCount(name)])).toEqual(before)
  })

  it('tells of the first signal when the terminal has been given back, and lets no other one end the process', async () => {
    const before = process.listenerCount('SIGHUP')
    const { session, text } = sessionOn()
    process.emit('SIGTERM')
    expect(gives(text())).toBe(1)
    process.emit('SIGHUP')
    expect(await session.left).toEqual({ why: 'signal', signal: 'SIGTERM' })
    expect(gives(text())).toBe(1)
    expect(process.listenerCount('SIGHUP')).toBe(before + 1)
    session.close()
    expect(process.listenerCount('SIGHUP')).toBe(before)
  })

  it.each(['input ends', 'input fails', 'output fails', 'it is told by a signal'])('tells that the terminal is gone: %s', async (how) => {
    const { session, presenter, stdin, vanish } = sessionOn()
    vanish()
    if (how === 'input ends') stdin.end()
    else if (how === 'input fails') stdin.emit('error', new Error('read EIO'))
    else if (how === 'output fails') presenter.redraw()
    else process.emit('SIGHUP')
    vi.advanceTimersByTime(100)
    expect(await session.left).toEqual({ why: 'gone' })
    session.close()
  })

  it('reads keys only while the terminal is its own', async () => {
    const { session, stdin, keys, text } = sessionOn()
    stdin.write('a')
    await vi.waitFor(() => expect(keys).toEqual(['a']))
    let give = () => {}
    const lent = session.lend(() => new Promise<void>((resolve) => (give = resolve)))
    expect(gives(text())).toBe(1)
    await expect(session.lend(async () => {})).rejects.toThrow(/bug/)
    process.emit('SIGINT')
    give()
    await lent
    stdin.write('b')
    await vi.waitFor(() => expect(keys).toEqual(['a', 'b']))
    session.close()
    expect(gives(text())).toBe(2)
  })

  it('does not take the terminal again from a program when it is over', async () => {
    const { session, modes } = sessionOn()
    let give = () => {}
    const lent = session.lend(() => new Promise<void>((resolve) => (give = resolve)))
    process.emit('SIGTERM')
    expect(await session.left).toEqual({ why: 'signal', signal: 'SIGTERM' })
    give()
    await lent
    expect(modes).toEqual([true, false])
    session.close()
  })
})
