import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { OpenScreen } from '../../src/app/screen.ts'
import { faceFor } from '../../src/cli/face.ts'

const openScreen: OpenScreen = () => Promise.reject(new Error('nothing is opened here'))
const terminal = { stdin: { isTTY: true }, stdout: { isTTY: true }, env: { TERM: 'xterm' } }

function said(): string[] {
  const lines: string[] = []
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
  onTestFinished(() => spy.mockRestore())
  return lines
}

describe('the face of a command', () => {
  it('is the screen on a terminal', () => {
    expect(faceFor({ tui: true }, { openScreen }, terminal)).toEqual({ face: 'screen', open: openScreen })
  })

  it('is what a person asked for, and nothing is said about it', () => {
    const lines = said()
    expect(faceFor({ tui: false }, { openScreen }, terminal).face).toBe('lines')
    expect(faceFor({ tui: true, plain: true }, { openScreen }, terminal).face).toBe('plain')
    expect(faceFor({ tui: true, plain: true, json: true }, { openScreen }, terminal).face).toBe('json')
    expect(faceFor({ tui: false }, { openScreen }, { ...terminal, stdout: {} }).face).toBe('lines')
    expect(lines).toEqual([])
  })

  it.each([
    ['the output is no terminal', { ...terminal, stdout: {} }],
    ['the input is no terminal', { ...terminal, stdin: {} }],
    ['a terminal of the type "dumb" cannot show it', { ...terminal, env: { TERM: 'dumb' } }],
    ['a terminal of the type "" cannot show it', { ...terminal, env: {} }],
  ])('is lines where %s, and that is said', (reason, place) => {
    const lines = said()
    expect(faceFor({ tui: true }, { openScreen }, place).face).toBe('lines')
    expect(lines).toEqual([`no full-screen page here: ${reason} (--no-tui says that lines are meant)\n`])
  })
})
