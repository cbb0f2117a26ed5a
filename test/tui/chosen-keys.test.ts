import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { chosenKeys } from '../../src/tui/chosen-keys.ts'
import { COMMANDS } from '../../src/tui/commands.ts'
import { keymapOf } from '../../src/tui/keymap.ts'

it('keys of the configuration are those of the commands that it names', () => {
  const { keys, warnings } = chosenKeys({ approve: ['Y', 'ctrl+y'], skip: [] })
  const keymap = keymapOf(keys)
  expect(warnings).toEqual([])
  expect([keymap.commandFor('Y', []), keymap.commandFor('ctrl+y', []), keymap.commandFor('a', []), keymap.commandFor('s', [])]).toEqual(['approve', 'approve', undefined, undefined])
})

it('a command that is misspelt is warned of with the one that was meant, and the others hold', () => {
  expect(chosenKeys({ aprove: ['Y'], skip: ['K'] })).toEqual({ keys: { skip: ['K'] }, warnings: ['config.json: screen.keys.aprove: there is no such command; did you mean "approve"?'] })
})

it('a key that two commands ask for is warned of, unless they have it in different places', () => {
  expect(chosenKeys({ approve: ['K'], skip: ['K'] }).warnings).toEqual(['config.json: screen.keys: "K" is asked for by approve and by skip; give it to one of them'])
  expect(chosenKeys({ mark: ['K'], search: ['K'] }).warnings).toEqual([])
})

it('a key that no terminal sends is warned of, and a command that is left with none keeps its own', () => {
  const { keys, warnings } = chosenKeys({ quit: ['Ctrl+Q'], approve: ['F2', 'Y'], skip: ['ctrl+i'] })
  expect(keys).toEqual({ approve: ['Y'] })
  expect(warnings).toEqual([
    'config.json: screen.keys.quit: no terminal sends a key "Ctrl+Q"; did you mean "ctrl+q"?',
    'config.json: screen.keys.approve: no terminal sends a key "F2"; did you mean "f2"?',
    'config.json: screen.keys.skip: no terminal sends a key "ctrl+i"',
  ])
})

it('every key that comes from a terminal can be chosen, and so can those of all commands', () => {
  const sent = ['a', 'G', '?', 'é', 'enter', 'tab', 'shift+tab', 'esc', 'space', 'backspace', 'ctrl+a', 'ctrl+space', 'alt+x', 'alt+enter', 'alt+up', 'f12', 'shift+f1', 'ctrl+alt+shift+left', 'pagedown']
  expect(chosenKeys({ approve: [...new Set([...sent, ...COMMANDS.flatMap((row): readonly string[] => row.keys)])] }).warnings).toEqual([])
})

it('config.example.json names commands that are there', async () => {
  const { screen } = JSON.parse(await readFile('config.example.json', 'utf8')) as { screen: { keys: Record<string, string[]> } }
  expect(chosenKeys(screen.keys)).toEqual({ keys: screen.keys, warnings: [] })
})
