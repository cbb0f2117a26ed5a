import { describe, expect, it } from 'vitest'
import { NO_PTY, startInPty } from './terminal.ts'

const sh = (script: string) => ['/bin/sh', '-c', script]

describe.skipIf(NO_PTY !== undefined)(`a program in a terminal (${NO_PTY ?? 'here'})`, () => {
  it('is seen as a person sees it: text, colours, modes', async () => {
    const terminal = startInPty(sh(`printf '\\033[?1049h\\033[?25l\\033[2J\\033[H漢\\033[1;32mgreen\\033[0m'; read line; printf '\\033[?25h\\033[?1049l'; exit 3`), { columns: 20, rows: 4 })
    await terminal.until(([first]) => first === '漢green')
    expect(terminal.modes()).toMatchObject({ buffer: 'alternate', cursor: false })
    expect(terminal.cell(0, 0)).toMatchObject({ text: '漢', columns: 2, fg: 'default', bold: false })
    expect(terminal.cell(2, 0)).toMatchObject({ text: 'g', columns: 1, fg: '2', bold: true })
    terminal.keys('\r')
    expect(await terminal.exit()).toEqual({ code: 3, signal: 0 })
    expect(terminal.modes()).toMatchObject({ buffer: 'normal', cursor: true })
    expect(terminal.bytes()).toBeGreaterThan(40)
  })

  it('gets keys, signals and sizes', async () => {
    const terminal = startInPty(sh(`trap 'stty size' WINCH; trap 'echo term; exit 7' TERM; echo ready; while :; do read line && echo "got $line"; done`))
    await terminal.until(([first]) => first === 'ready')
    terminal.keys('hello\r')
    await terminal.until((screen) => screen.includes('got hello'))
    terminal.resize(33, 11)
    await terminal.until((screen) => screen.includes('11 33'))
    terminal.signal('SIGTERM')
    expect(await terminal.exit()).toMatchObject({ code: 7 })
  })

  it('leaves the terminal to be asked how it was left', async () => {
    const left = startInPty(sh('stty raw -echo; echo raw; sleep 0.01'), { outlived: true })
    await left.exit()
    expect(left.isRaw()).toBe(true)
    const clean = startInPty(sh('stty raw -echo; stty sane'), { outlived: true })
    await clean.exit()
    expect(clean.isRaw()).toBe(false)
  })

  it('waited for in vain, the screen is told', async () => {
    const terminal = startInPty(sh('echo something else; exit 1'))
    await expect(terminal.until((screen) => screen.includes('wanted'))).rejects.toThrow(/has ended.*\n.*something else/)
  })

  it('ends by the signal that a dropped line sends', async () => {
    const terminal = startInPty(sh('echo ready; read line'))
    await terminal.until(([first]) => first === 'ready')
    terminal.hangUp()
    expect(await terminal.exit()).toEqual({ code: 0, signal: 1 })
  })
})
