import { describe, expect, it } from 'vitest'
import { TASK_STATUSES } from '../../../src/core/task-state.ts'
import { COMMANDS, type Command } from '../../../src/tui/commands.ts'
import { keyName, keymapOf } from '../../../src/tui/keymap.ts'
import { shown, SIZES } from './shown.tsx'

const help = { page: 'help', at: 0 } as const
const rows: readonly Command[] = COMMANDS

/** All that a person reads who goes from the top to the end, page by page. */
async function readThrough(given: Parameters<typeof shown>[0]): Promise<string[]> {
  const page = await shown(given)
  const read: string[] = []
  for (let lines = page.lines(); lines.join('\n') !== read.slice(-lines.length).join('\n'); lines = page.lines()) {
    read.push(...lines)
    page.give('page-down')
  }
  return read
}

describe('the help page', () => {
  it.each(SIZES)('tells every command with its keys at $width columns', async (size) => {
    const text = (await readThrough({ page: help, size })).join('\n')
    for (const { command, keys } of rows) expect(text).toContain(keys.length === 0 ? ` :${command}` : keys.map(keyName).join(' '))
  })

  it('says first what the signs mean, and how to get back', async () => {
    const page = await shown({ page: help })
    const top = page.lines().slice(0, 3).join(' ')
    for (const status of TASK_STATUSES) expect(top).toContain(status)
    expect(page.title()).toBe('help · Esc back')
  })

  it('uses the room: one column of commands, two, three', async () => {
    const beside = async (size: (typeof SIZES)[number]) => (await shown({ page: help, size })).lines().find((line) => line.includes('what happens to tasks'))?.trim().split(/ {2,}/).length
    expect(await Promise.all(SIZES.map(beside))).toEqual([1, 2, 3])
  })

  it('shows keys that were bound anew, and names what has none', async () => {
    const page = await shown({ page: help, keymap: keymapOf({ approve: ['s', 'F2'], back: ['backspace'] }) })
    expect(page.lines().find((line) => line.includes('yes: run'))).toMatch(/^ s F2 /)
    expect(page.lines().find((line) => line.includes('do without a task'))).toMatch(/^ :skip /)
    expect(page.title()).toBe('help · backspace back')
  })

  it('is whole on 40×12, and in ASCII where the terminal knows nothing else', async () => {
    const lines = await readThrough({ page: help, size: { width: 40, height: 12 }, unicode: false })
    for (const line of lines) expect(line).toMatch(/^[\u0020-\u007e]{0,40}$/)
    expect(lines.join('\n')).toContain('C complete')
  })
})
