import type { Glance } from '../glance.ts'
import { keyName } from '../keymap.ts'
import type { CommandName } from '../commands.ts'
import type { Size } from '../layout.ts'
import type { Block } from '../lines/block.ts'
import { shorten } from '../lines/fit.ts'
import type { Page } from '../ui.ts'
import type { Step } from '../update/step.ts'

/** A page over the main one. `Of`: its own member of `Page`. */
export type PageModule<Of extends Page = Page> = {
  /** As the frame names it. */
  title: (glance: Glance, page: Of) => string
  /** What it shows, from top to bottom. */
  blocks: (glance: Glance, page: Of) => readonly Block[]
  /** How many rows there are to stand on, or to scroll by. */
  rows: (glance: Glance, page: Of) => number
  /** The page with its next part, or the one before; absent where it has one only. */
  turn?: (page: Of, by: 1 | -1) => Of
  /** What Enter does; absent, or undefined, where it does nothing. */
  open?: (glance: Glance, page: Of) => Step | undefined
  /** What `copy` copies. */
  copy?: (glance: Glance, page: Of) => { text: string; what: string } | undefined
  /** The task that the row is about: keys that steer act on it. */
  task?: (glance: Glance, page: Of) => string | undefined
}

/** Columns and rows of a page, without its title. */
export function roomOf({ layout: { body } }: Glance): Size {
  return { width: body.width, height: Math.max(0, body.height - 1) }
}

/** Columns of a title's frame. */
const FRAME = 5

/** A page's title, with the way back, which stays where there is no room for all of it. */
export function titleWithWayBack(glance: Glance, title: string): string {
  const way = ` · ${keyOf(glance, 'back')} back`
  return shorten(title, Math.max(8, roomOf(glance).width - FRAME - way.length)) + way
}

/** The key of a command, or what to type where it has none. */
export function keyOf({ keymap }: Pick<Glance, 'keymap'>, command: CommandName): string {
  const [key] = keymap.keysOf(command)
  return key === undefined ? `:${command}` : keyName(key)
}

/** The choice after this one, or before, going round. */
export function nextOf<Of>(choices: readonly Of[], now: Of, by: 1 | -1): Of {
  return choices[(choices.indexOf(now) + by + choices.length) % choices.length] ?? now
}
