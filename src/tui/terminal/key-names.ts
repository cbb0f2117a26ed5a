import { lettersOf } from '../lines/columns.ts'
import { SEQUENCE_KEYS } from './key-sequences.ts'

const CONTROLS: ReadonlySet<string> = new Set(['enter', 'tab', 'backspace', 'space', 'esc', 'shift+tab', 'ctrl+space'])

/** Control characters that are no other key: Ctrl+H is Backspace to a terminal, Ctrl+I Tab, Ctrl+J and Ctrl+M Enter, Ctrl+[ Esc. */
const CONTROL = /^ctrl\+[a-gk-ln-z\\\]^_]$/
const MODIFIERS = /^(?:ctrl\+)?(?:alt\+)?(?:shift\+)?/

/** Whether a terminal can send a key that is called so. */
export function isKeyName(name: string): boolean {
  if (name.startsWith('alt+')) return isKeyName(name.slice('alt+'.length)) || SEQUENCE_KEYS.has(name.replace(MODIFIERS, ''))
  if (CONTROLS.has(name) || CONTROL.test(name)) return true
  return (name.trim() !== '' && lettersOf(name).length === 1) || SEQUENCE_KEYS.has(name.replace(MODIFIERS, ''))
}
