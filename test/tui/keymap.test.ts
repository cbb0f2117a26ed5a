import { describe, expect, it } from 'vitest'
import { COMMANDS, type Command, type Place } from '../../src/tui/commands.ts'
import { keyName, keymapOf } from '../../src/tui/keymap.ts'

const rows: readonly Command[] = COMMANDS

describe('the keymap', () => {
  it('gives each key one meaning at each place', () => {
    const keymap = keymapOf()
    for (const { command, keys, where = ['everywhere'] as readonly Place[] } of rows) {
      for (const place of where) for (const key of keys) expect({ place, key, command: keymap.commandFor(key, [place]) }).toEqual({ place, key, command })
    }
  })

  it('means the nearest place first', () => {
    const keymap = keymapOf()
    expect(keymap.commandFor('/', ['queue'])).toBe('filter')
    expect(keymap.commandFor('/', ['log'])).toBe('search')
    expect(keymap.commandFor('space', ['replay', 'queue'])).toBe('play')
    expect(keymap.commandFor('q', ['help'])).toBe('quit')
    expect(keymap.commandFor('F13', ['queue'])).toBeUndefined()
  })

  it('takes keys from the configuration, and takes them from whoever had them', () => {
    const keymap = keymapOf({ approve: ['s', 'F2'] })
    expect(keymap.commandFor('s', ['queue'])).toBe('approve')
    expect(keymap.commandFor('F2', ['queue'])).toBe('approve')
    expect(keymap.commandFor('a', ['queue'])).toBeUndefined()
    expect(keymap.keysOf('skip')).toEqual([])
  })

  it('always leaves a key to leave by', () => {
    expect(keymapOf({ quit: ['x'] }).keysOf('quit')).toEqual(['x'])
    expect(keymapOf({ quit: [] }).keysOf('quit')).toEqual(['ctrl+c'])
    const taken = keymapOf({ copy: ['ctrl+c'], mark: ['q'], pause: ['q'] })
    expect([taken.commandFor('ctrl+c', ['queue']), taken.keysOf('copy')]).toEqual(['quit', []])
  })

  it('names keys as a person reads them', () => {
    expect(['up', 'ctrl+c', 'enter', 'G', '?'].map(keyName)).toEqual(['↑', 'Ctrl+C', 'Enter', 'G', '?'])
  })
})
